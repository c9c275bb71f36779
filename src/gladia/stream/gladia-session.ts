import type { Backoff } from '../../async/backoff.js';
import { sleep } from '../../async/sleep.js';
import type { AudioCursor } from '../../audio-log/audio-cursor.js';
import type { Acknowledgment } from '../../transcription/speech-to-text.js';
import type { CreatedSession } from '../api/gladia-api.js';
import type { GladiaMessage } from '../api/gladia-message.js';
import type { GladiaTimings } from '../api/gladia-settings.js';
import { EngineClock } from '../resume/engine-clock.js';
import { Attempts, type Consequence } from './close-codes.js';
import { GladiaConnection, type ConnectionTask, type ServerObservations } from './gladia-connection.js';

export type SessionOutcome = Exclude<Consequence, 'resume'> | 'aborted';

interface GladiaSessionOptions {
  readonly created: CreatedSession;
  /** The session's reader of the audio log. */
  readonly cursor: AudioCursor;
  /** Where the log's first sample lies on the session clock. */
  readonly startSamples: number;
  readonly timings: GladiaTimings;
  readonly backoff: Backoff;
  readonly server: ServerObservations;
}

interface GladiaSessionListener {
  message(message: GladiaMessage): void;
  transferred(chunks: number, sentBytes: number, acknowledgedBytes: number): void;
  /** The connection was lost and will be opened again. */
  disconnected(code: number): void;
  /** The server asks for no request from anybody for this long. */
  retryAfter(ms: number): void;
}

/** One Gladia session, from its URL to its end, over as many connections as it takes. */
export class GladiaSession {
  readonly clock: EngineClock;
  #connection: GladiaConnection | undefined;
  #limit = Infinity;
  #sentUntil = 0;
  #isResumed = false;
  #outstandingSamples = 0;

  constructor(
    private readonly options: GladiaSessionOptions,
    private readonly listener: GladiaSessionListener,
  ) {
    const { cursor, startSamples } = options;
    this.clock = new EngineClock(startSamples, () => Math.max(this.#sentUntil, cursor.position));
  }

  get id(): string {
    return this.options.created.id;
  }

  /** The first log position that this session has not received for certain. */
  get position(): number {
    return this.options.cursor.position;
  }

  /** Up to where everything that was said is emitted; with several channels that is not known, so 0. */
  get emittedUntil(): number {
    return this.options.cursor.channels === 1 ? this.clock.emittedUntil : 0;
  }

  /** On the connection that is open, or was last. */
  get acknowledgment(): Acknowledgment | undefined {
    return this.#connection?.acknowledgment;
  }

  /** Connects, and connects again, until this session can do no more. */
  async run(signal: AbortSignal): Promise<SessionOutcome> {
    const { timings, server, backoff } = this.options;
    const attempts = new Attempts();
    const isOver = (): boolean => signal.aborted;
    while (!isOver()) {
      this.#connection = new GladiaConnection(this.#task(), timings, server);
      const end = await this.#connection.run(signal);
      this.#outstandingSamples = end.outstandingSamples;
      const consequence = attempts.judge(end, end.stopSent, end.stable);
      const mayHaveArrived = consequence === 'finished' || (isOver() && end.stopSent);
      if (end.oldestOutstanding !== undefined && !mayHaveArrived)
        this.#rewind(end.oldestOutstanding, end.recentlySentFrom);
      if (isOver()) break;
      if (end.stable) backoff.reset();
      const { retryAfterMs = 0 } = end;
      if (retryAfterMs > 0) this.listener.retryAfter(retryAfterMs);
      if (consequence !== 'resume') return consequence;
      this.listener.disconnected(end.upgradeStatus ?? end.code);
      await sleep(backoff.nextMs(retryAfterMs), signal);
    }
    return 'aborted';
  }

  /** Sends what may be sent at this moment. */
  pump(): void {
    this.#connection?.pump();
  }

  /** Audio from this position on is not for this session: when everything before is sent, it finishes. */
  stop(position: number): void {
    this.#limit = Math.min(this.#limit, position);
    this.pump();
  }

  /**
   * What was not acknowledged is sent again. A server that never acknowledges has received everything, except for what was
   * sent while the connection was dead and nobody had noticed yet.
   */
  #rewind(oldestOutstanding: number, recentlySentFrom = this.position): void {
    const { cursor, server } = this.options;
    if (server.acknowledges) cursor.rewind(oldestOutstanding);
    else cursor.rewind(recentlySentFrom, recentlySentFrom);
  }

  #task(): ConnectionTask {
    const { created, cursor } = this.options;
    return {
      url: created.url,
      cursor,
      clock: this.clock,
      isResumed: this.#isResumed,
      outstandingBefore: this.#outstandingSamples,
      limit: () => this.#limit,
      message: (message) => this.listener.message(message),
      transferred: (chunks, sentBytes, acknowledgedBytes) => {
        this.#isResumed = true;
        this.#sentUntil = Math.max(this.#sentUntil, cursor.position);
        this.listener.transferred(chunks, sentBytes, acknowledgedBytes);
      },
    };
  }
}
