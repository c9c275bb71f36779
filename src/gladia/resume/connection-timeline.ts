import { msToSamples } from '../../media/audio-format.js';

/** Two readings of a time that put it less than this apart fit it equally well. */
const TIE_SAMPLES = msToSamples(500);

/** A word that was cut in two by the end of a connection began at most this long before it. */
const LONGEST_CUT_WORD_SAMPLES = msToSamples(500);

/** Times of neighbouring words overlap by this much at most. */
const JITTER_SAMPLES = msToSamples(50);

/** A stretch of engine time, in samples that Gladia counted. */
export interface EngineSpan {
  readonly start: number;
  readonly end: number;
}

/** Where the audio that one connection sent lies in engine time, which counts the audio of all connections of the session. */
export class ConnectionTimeline {
  /** Runs of audio without a hole: from the connection's nth sample on (`offset`) the log was sent from `position` on. */
  readonly #runs: { readonly offset: number; readonly position: number }[] = [];
  #nextPosition: number | undefined;
  #sentSamples = 0;
  #acknowledgedSamples = 0;
  /** The engine time of the first sample. */
  #start: number;
  /** Gladia's byte counter started again from 0. Whether its times did too is `undecided` until a transcript comes. */
  #restart: 'none' | 'undecided' | 'decided' = 'none';

  /**
   * @param previous the earlier connections of the session, oldest first
   * @param finalsUntil by channel: up to which engine time finals were emitted of what they sent
   */
  constructor(
    private readonly previous: readonly ConnectionTimeline[],
    private readonly finalsUntil: Map<number, number>,
  ) {
    const last = previous.at(-1);
    this.#start = last === undefined ? 0 : last.#start + last.#sentSamples;
  }

  /** The log position of the first sample that was sent. */
  get startPosition(): number {
    return this.#runs[0]?.position ?? 0;
  }

  sent(position: number, samples: number): void {
    if (position !== this.#nextPosition) this.#runs.push({ offset: this.#sentSamples, position });
    this.#nextPosition = position + samples;
    this.#sentSamples += samples;
  }

  /**
   * Gladia has acknowledged `samples` of this connection in all, and counts them from `start` on. The first connection of
   * a session starts at 0, whatever is acknowledged. On a later one, a start below what Gladia is known to have means
   * that the byte counter started again; that says nothing about its times.
   */
  acknowledged(start: number, samples: number): void {
    this.#acknowledgedSamples = samples;
    if (this.previous.length === 0) return;
    if (start > 0 && start >= this.#acknowledgedBefore) {
      this.#start = start;
      this.#restart = 'none';
    } else if (this.#restart === 'none') {
      this.#restart = 'undecided';
    }
  }

  /**
   * A transcript came whose audio ends at this engine time. After a restart of the byte counter, the times started again
   * too if only that, or clearly rather that, puts this end close to the end of what was sent.
   */
  transcribed(engineTime: number, sentUntil: number): void {
    if (this.#restart !== 'undecided') return;
    const delayIf = (start: number): number =>
      sentUntil - (this.#positionIf(start, engineTime, sentUntil) ?? -Infinity);
    const [continued, restarted] = [delayIf(this.#start), delayIf(0)];
    if (continued === Infinity && restarted === Infinity) return; // audio of an earlier connection
    if (restarted + TIE_SAMPLES < continued) this.#start = 0;
    this.#restart = 'decided';
  }

  /** A final was emitted that ends at this engine time. */
  finalEmitted(engineTime: number, channel: number): void {
    if (engineTime > this.#start) return;
    this.finalsUntil.set(channel, Math.max(engineTime, this.finalsUntil.get(channel) ?? 0));
  }

  /**
   * Whether a word belongs to the part of this connection's repeated audio that the other pass is to emit.
   *
   * Audio that is sent again is transcribed twice, in two passes that follow each other directly in engine time. The
   * first pass emits what it has emitted already, and everything but its last words, which may be cut; the second pass
   * emits the rest. So what both leave out is one stretch of engine time as long as the repeated audio. A word that was
   * emitted although it was cut reaches beyond that stretch in the second pass.
   */
  isLeftToOtherPass({ start, end }: EngineSpan, channel: number): boolean {
    const repeated = this.#transcribableBefore - this.startPosition;
    const cut = this.#start - Math.min(repeated / 2, LONGEST_CUT_WORD_SAMPLES);
    const emittedUntil = Math.min(this.#start, this.finalsUntil.get(channel) ?? 0);
    const from = Math.max(cut, emittedUntil);
    const until = from + repeated;
    const middle = (start + end) / 2;
    const wasEmittedCut = emittedUntil > cut && end > this.#start && start < until - JITTER_SAMPLES;
    return this.#isStartKnown && repeated > 0 && ((middle >= from && middle < until) || wasEmittedCut);
  }

  /** Between the first audio of this connection and its first acknowledgment nobody knows where the second pass starts. */
  get #isStartKnown(): boolean {
    return this.#acknowledgedSamples > 0 || this.#acknowledgedBefore === 0;
  }

  get #acknowledgedBefore(): number {
    return this.previous.reduce((sum, connection) => sum + connection.#acknowledgedSamples, 0);
  }

  /** The log position up to which Gladia had received audio when this connection started. */
  get #transcribableBefore(): number {
    for (const connection of this.previous.toReversed()) {
      const last = connection.logPosition(this.#start - 1, Infinity);
      if (last !== undefined) return last + 1;
    }
    return 0;
  }

  /** The log position of an engine time, if this connection sent it and it is not after `limit`. */
  logPosition(engineTime: number, limit: number): number | undefined {
    return this.#positionIf(this.#start, engineTime, limit);
  }

  /** As `logPosition`, if the connection's first sample had the engine time `start`. */
  #positionIf(start: number, engineTime: number, limit: number): number | undefined {
    const run = this.#runs.findLast(({ offset }) => start + offset <= engineTime);
    if (run === undefined) return undefined;
    const position = run.position + engineTime - start - run.offset;
    return position <= limit ? position : undefined;
  }
}
