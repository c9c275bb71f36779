import { SAMPLE_RATE_HZ, samplesToMs } from '../../media/audio-format.js';
import type { Utterance } from '../../transcription/speech-to-text.js';
import type { GladiaUtterance } from '../api/gladia-utterance.js';
import { ConnectionTimeline, type EngineSpan } from './connection-timeline.js';

/** Engine times may lie this far behind the end of the audio and still mean the connection that was sending. */
const TOLERANCE_SAMPLES = SAMPLE_RATE_HZ / 2;

/** An utterance on the session clock, before it has an id. */
export type TimedUtterance = Omit<Utterance, 'id' | 'final'>;

/** Seconds of engine time, as Gladia's messages give them, in samples. */
export const engineSamples = (seconds: number): number => Math.max(0, seconds) * SAMPLE_RATE_HZ;

/**
 * The clock of one Gladia session. It maps, in this order:
 *
 * 1. engine time: the samples (in messages: seconds) that the session has received. Gladia has no other clock, so audio
 *    that is sent again after a reconnect, and audio that was never sent, both shift it. `ConnectionTimeline` knows
 *    where each connection's audio lies on it.
 * 2. log position: samples since the start of the stream, see `AudioLog`.
 * 3. session clock: milliseconds since the start of the session, the same for all its tracks and streams.
 */
export class EngineClock {
  readonly #connections: ConnectionTimeline[] = [];
  /** By channel: the end of the last final that was emitted, in engine time. */
  readonly #finalsUntil = new Map<number, number>();
  #emittedUntil = 0;

  /**
   * @param startSamples where the log's first sample lies on the session clock
   * @param sentUntil the log position up to which audio was sent
   */
  constructor(
    private readonly startSamples: number,
    private readonly sentUntil: () => number,
  ) {}

  /** The log position at which the last emitted final ends. */
  get emittedUntil(): number {
    return this.#emittedUntil;
  }

  /** Another connection begins to send. */
  addConnection(): ConnectionTimeline {
    const connection = new ConnectionTimeline([...this.#connections], new Map(this.#finalsUntil));
    this.#connections.push(connection);
    return connection;
  }

  /** A final was emitted that ends at this engine time. */
  finalEmitted(engineTime: number, channel = 0): void {
    this.#finalsUntil.set(channel, Math.max(engineTime, this.#finalsUntil.get(channel) ?? 0));
    for (const connection of this.#connections) connection.finalEmitted(engineTime, channel);
    this.#emittedUntil = Math.max(this.#emittedUntil, this.logPosition(engineTime));
  }

  /** A transcript came whose audio ends at this engine time. */
  transcribed(engineTime: number): void {
    this.#connections.at(-1)?.transcribed(engineTime, this.sentUntil());
  }

  /** Whether the audio of a word was sent twice, and another pass over it is expected to bring the word. */
  isLeftToOtherPass(word: EngineSpan, channel = 0): boolean {
    return this.#connections.some((connection) => connection.isLeftToOtherPass(word, channel));
  }

  /**
   * The log position of an engine time. Of several connections that may have sent it the newest is meant whose audio had
   * come that far.
   */
  logPosition(engineTime: number): number {
    const sentUntil = this.sentUntil();
    for (const connection of this.#connections.toReversed()) {
      const position = connection.logPosition(engineTime, sentUntil + TOLERANCE_SAMPLES);
      if (position !== undefined) return Math.min(position, sentUntil);
    }
    return Math.max(0, Math.min(sentUntil, engineTime + (this.#connections[0]?.startPosition ?? 0)));
  }

  /** The utterance with its times, and those of its words, on the session clock. */
  onSessionClock(utterance: GladiaUtterance): TimedUtterance {
    const startMs = this.#sessionMs(utterance.start);
    return {
      text: utterance.text.trim(),
      language: utterance.language,
      confidence: utterance.confidence,
      channel: utterance.channel,
      startMs,
      endMs: Math.max(startMs, this.#sessionMs(utterance.end)),
      words: utterance.words.map((word) => ({
        text: word.word.trim(),
        confidence: word.confidence,
        ...this.#wordTimes(word),
      })),
    };
  }

  /**
   * Where the end of a word maps to an earlier time than its start, the word goes through the place where audio was sent
   * again: its middle says where it lies, and its length stays.
   */
  #wordTimes({ start, end }: { start: number; end: number }): { startMs: number; endMs: number } {
    const [startMs, endMs] = [this.#sessionMs(start), this.#sessionMs(end)];
    if (endMs >= startMs) return { startMs, endMs };
    const lengthMs = (end - start) * 1_000;
    const fromMs = Math.max(0, Math.round(this.#sessionMs((start + end) / 2) - lengthMs / 2));
    return { startMs: fromMs, endMs: Math.max(fromMs, Math.round(fromMs + lengthMs)) };
  }

  #sessionMs(seconds: number): number {
    return Math.round(samplesToMs(this.startSamples + this.logPosition(engineSamples(seconds))));
  }
}
