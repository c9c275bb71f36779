import type { AudioCursor } from '../../audio-log/audio-cursor.js';
import type { Backoff } from '../../async/backoff.js';
import { Attempts, type Consequence } from './close-codes.js';
import type { CreatedSession } from '../api/gladia-api.js';
import { GladiaConnection } from './gladia-connection.js';
import type { GladiaMessage } from '../api/gladia-message.js';
import type { GladiaTimings } from '../api/gladia-settings.js';
import { sleep } from '../../async/sleep.js';
import type { ServerObservations } from './server-observations.js';
import type { SessionAudio } from '../resume/session-audio.js';
import type { ServerSpan } from '../resume/socket-timeline.js';
import { TimeMap } from '../resume/time-map.js';

export type SessionOutcome = Exclude<Consequence, 'resume'> | 'aborted';

export interface GladiaSessionListener {
  message(message: GladiaMessage): void;
  moved(chunks: number, sentBytes: number, acknowledgedBytes: number): void;
  /** The connection is gone and will be made again. */
  lost(code: number): void;
  /** The server wants nobody to ask again before so long. */
  askedToWait(ms: number): void;
}

/** One Gladia session: from its URL to its end, over as many connections as it takes. */
export class GladiaSession implements SessionAudio {
  readonly times = new TimeMap();
  #connection: GladiaConnection | undefined;
  #limit = Infinity;
  #sentUntil = 0;
  #isResumed = false;
  #toldUntil = 0;
  #outstandingSamples = 0;

  constructor(
    private readonly created: CreatedSession,
    private readonly cursor: AudioCursor,
    private readonly timings: GladiaTimings,
    private readonly backoff: Backoff,
    private readonly habits: ServerObservations,
    private readonly listener: GladiaSessionListener,
  ) {}

  get id(): string {
    return this.created.id;
  }

  /** The first sample that this session has not safely got. */
  get position(): number {
    return this.cursor.position;
  }

  /** Where the last final ends that was told of all that is said here; of several channels, none is. */
  get toldUntil(): number {
    return this.cursor.channels === 1 ? this.#toldUntil : 0;
  }

  /** The log position of a sample that Gladia counted. */
  locate(serverSamples: number): number {
    return this.times.position(serverSamples, Math.max(this.#sentUntil, this.cursor.position));
  }

  isEmittedElsewhere(word: ServerSpan, channel?: number): boolean {
    return this.times.isToldElsewhere(word, channel);
  }

  told(serverSamples: number, channel?: number): void {
    this.times.told(serverSamples, channel);
    this.#toldUntil = Math.max(this.#toldUntil, this.locate(serverSamples));
  }

  /** A transcript tells of the sound up to the sample that Gladia counts so. */
  heard(serverSamples: number): void {
    this.times.heard(serverSamples, this.#sentUntil);
  }

  /** Resolves when this session can do no more. */
  async run(signal: AbortSignal): Promise<SessionOutcome> {
    const attempts = new Attempts();
    const isOver = (): boolean => signal.aborted;
    while (!isOver()) {
      this.#connection = new GladiaConnection(this.#task(), this.timings, this.habits);
      const end = await this.#connection.run(signal);
      this.#outstandingSamples = end.outstandingSamples;
      const consequence = attempts.judge(end, end.stopSent, end.stable);
      const mayHaveArrived = consequence === 'finished' || (isOver() && end.stopSent);
      if (end.oldestOutstanding !== undefined && !mayHaveArrived)
        this.#rewind(end.oldestOutstanding, end.latelySentFrom);
      if (isOver()) break;
      if (end.stable) this.backoff.reset();
      const { retryAfterMs = 0 } = end;
      if (retryAfterMs > 0) this.listener.askedToWait(retryAfterMs);
      if (consequence !== 'resume') return consequence;
      this.listener.lost(end.upgradeStatus ?? end.code);
      await sleep(this.backoff.nextMs(retryAfterMs), signal);
    }
    return 'aborted';
  }

  /** Sends what may be sent now. */
  pump(): void {
    this.#connection?.pump();
  }

  /** Sound from this position on is not for this session: once it has all before, it is to finish. */
  stop(position: number): void {
    this.#limit = Math.min(this.#limit, position);
    this.pump();
  }

  /**
   * What was not acknowledged is sent again. A server that never acknowledges may have it all, but for what was sent into
   * a connection that was dead and not yet found.
   */
  #rewind(oldestOutstanding: number, latelySentFrom = this.cursor.position): void {
    if (this.habits.acknowledges) this.cursor.rewind(oldestOutstanding);
    else this.cursor.rewind(latelySentFrom, latelySentFrom);
  }

  #task(): ConstructorParameters<typeof GladiaConnection>[0] {
    return {
      url: this.created.url,
      cursor: this.cursor,
      times: this.times,
      isResumed: this.#isResumed,
      outstandingBefore: this.#outstandingSamples,
      limit: () => this.#limit,
      message: (message) => this.listener.message(message),
      moved: (chunks, sentBytes, acknowledgedBytes) => {
        this.#isResumed = true;
        this.#sentUntil = Math.max(this.#sentUntil, this.cursor.position);
        this.listener.moved(chunks, sentBytes, acknowledgedBytes);
      },
    };
  }
}
