import type { Message, SnapshotMessage, TranscriptMessage } from '../../libs/protocol/message.js';
import { isFinal, isTranscript } from './message-row.js';

type Reader = (message: Message) => void;

/** A minute or two of talk: who comes back later than that does without the partials of it. */
const RECENT = 500;
/** Of a session that is over no partials are missed any more: who comes back is as well served by the database. */
const RECENT_ONCE_ENDED = 50;
const SNAPSHOT_SEGMENTS = 20;

/** The last messages of one session, in memory; what is older stands in the database alone. */
export class SessionJournal {
  readonly #recent: Message[] = [];
  /** The last finals, without the times of their words. */
  readonly #finals: SnapshotMessage['segments'][number][] = [];
  /** The last that was told of each segment that has no final. */
  readonly #open = new Map<string, TranscriptMessage>();
  readonly #readers = new Set<Reader>();
  #lastSeq = 0;
  #ended = false;

  /** @param past the last messages that the database has */
  constructor(
    readonly sessionId: string,
    past: readonly Message[] = [],
  ) {
    for (const message of past) this.append(message);
  }

  get lastSeq(): number {
    return this.#lastSeq;
  }

  /** The oldest number from which on it has every message; `Infinity` while it has none. */
  get firstSeq(): number {
    return this.#recent[0]?.seq ?? Infinity;
  }

  /** Whether its last message was written. */
  get ended(): boolean {
    return this.#ended;
  }

  get recent(): readonly Message[] {
    return this.#recent;
  }

  get openSegments(): readonly TranscriptMessage[] {
    return [...this.#open.values()];
  }

  append(message: Message): void {
    this.#lastSeq = message.seq;
    this.#recent.push(message);
    if (isTranscript(message) && message.final) this.#open.delete(message.segmentId);
    else if (isTranscript(message)) this.#open.set(message.segmentId, message);
    if (isFinal(message)) this.#remember(message);
    if (message.type === 'status' && message.status === 'ended') this.#ended = true;
    this.#forget();
    for (const reader of this.#readers) reader(message);
  }

  /** What it has of the messages numbered above `afterSeq`. */
  since(afterSeq: number): Message[] {
    return this.#recent.filter(({ seq }) => seq > afterSeq);
  }

  /** The last finals, for who comes late. */
  snapshot(): SnapshotMessage | undefined {
    return this.#finals.length === 0
      ? undefined
      : { v: 1, type: 'snapshot', sessionId: this.sessionId, seq: this.#lastSeq, segments: [...this.#finals] };
  }

  /** Calls `reader` with every message from now on, until the returned function is called. */
  follow(reader: Reader): () => void {
    this.#readers.add(reader);
    return () => void this.#readers.delete(reader);
  }

  #forget(): void {
    const most = this.#ended ? RECENT_ONCE_ENDED : RECENT;
    while (this.#recent.length > most) this.#recent.shift();
  }

  #remember({ words: _, ...final }: TranscriptMessage): void {
    this.#finals.push(final);
    if (this.#finals.length > SNAPSHOT_SEGMENTS) this.#finals.shift();
  }
}
