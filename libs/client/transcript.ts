import { HttpError } from './http-error.js';
import type { Message, StatusMessage } from './messages.js';
import type { Segment } from './segment.js';
import { SegmentList } from './segment-list.js';
import { Sequence } from './sequence.js';

/** How the transcription is: the service's last status, or what this listener's own connection is at. */
export interface TranscriptStatus {
  /** `waiting`: no session yet. `offline`: trying to connect. `refused`: the token or ticket is not valid. */
  readonly status: StatusMessage['status'] | 'waiting' | 'offline' | 'refused';
  /** For programs, such as `engine_away`. */
  readonly code?: string | undefined;
  /** A sentence for people. */
  readonly message: string;
}

/** What is said in a room, as it is known now. */
export interface Transcript {
  /** In order of time, interims in their places. The same array until something changes. */
  readonly segments: readonly Segment[];
  /** Spans without words, with the reason: show them where their `startMs` is. */
  readonly gaps: readonly StatusMessage[];
  readonly status: TranscriptStatus;
  /** The session that the segments are of; undefined while there was none. */
  readonly sessionId: string | undefined;
  /**
   * Calls `listener` after each change, with the messages that made it (none where only the connection changed).
   * @returns what ends the subscription
   */
  subscribe(listener: (messages: readonly Message[]) => void): () => void;
  /** Ends all connections and subscriptions. What has come stays readable. */
  close(): void;
}

/** There is no session yet. */
export const WAITING: TranscriptStatus = { status: 'waiting', message: 'Waiting.' };
const LIVE: TranscriptStatus = { status: 'live', message: 'Live.' };
/** There is nothing more to come. */
export const ENDED: TranscriptStatus = { status: 'ended', message: 'Ended.' };
/** The connection is lost, and tried again. */
export const OFFLINE: TranscriptStatus = { status: 'offline', message: 'Reconnecting.' };

/** The state that a transcript shows: one session at a time, the next one when its first message comes. */
export class TranscriptState {
  sequence = new Sequence();
  readonly listeners = new Set<(messages: readonly Message[]) => void>();
  #list: SegmentList;
  #sessionId: string | undefined;
  /** Late messages of a session that was followed by another are not for the screen. */
  readonly #past = new Set<string>();
  #connection: TranscriptStatus | undefined;

  readonly #window: number;

  constructor(window: number) {
    this.#window = window;
    this.#list = new SegmentList(window);
  }

  get segments(): readonly Segment[] {
    return this.#list.segments;
  }

  get gaps(): readonly StatusMessage[] {
    return this.#list.gaps;
  }

  get sessionId(): string | undefined {
    return this.#sessionId;
  }

  get hasEnded(): boolean {
    return this.status.status === 'ended';
  }

  get status(): TranscriptStatus {
    return this.#connection ?? this.#list.status ?? (this.#sessionId === undefined ? WAITING : LIVE);
  }

  /** Shows another session from its beginning. @returns false for one that is over */
  begin(sessionId: string): boolean {
    if (this.#past.has(sessionId)) return false;
    if (this.#sessionId === sessionId) return true;
    if (this.#sessionId !== undefined) this.#past.add(this.#sessionId);
    this.#sessionId = sessionId;
    this.#list = new SegmentList(this.#window);
    this.sequence = new Sequence();
    return true;
  }

  /** Takes messages in the order in which they came. */
  take(messages: readonly Message[]): void {
    const changes = messages.filter((message) => {
      if (!this.begin(message.sessionId)) return false;
      // A snapshot has the number of a message that it does not replace.
      if (message.type !== 'snapshot') this.sequence.take(message.seq);
      return this.#list.apply(message);
    });
    if (changes.length > 0) this.#tell(changes);
  }

  /** Shows a fault of this listener's own connection; undefined: there is none any more. */
  connection(fault?: TranscriptStatus): void {
    if (this.#connection?.status === fault?.status) return;
    this.#connection = fault;
    this.#tell([]);
  }

  /** Shows why a request or stream has failed. @returns how long the service asks to wait, in milliseconds */
  fail(error: unknown): number {
    const { isRefusal, retryAfterMs = 0 }: Partial<HttpError> = error instanceof HttpError ? error : {};
    this.connection(isRefusal ? { status: 'refused', message: 'Access was refused.' } : OFFLINE);
    return retryAfterMs;
  }

  #tell(messages: readonly Message[]): void {
    for (const listener of [...this.listeners]) listener(messages);
  }
}
