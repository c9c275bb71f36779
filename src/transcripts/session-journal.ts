import type { Message, SnapshotMessage, TranscriptMessage } from '../../libs/protocol/message.js';
import { isFinal, isTranscript } from './message-row.js';

type Reader = (message: Message) => void;

/** A minute or two of speech: a reader who reconnects later gets no partials from that time. */
const RECENT = 500;
/** Nobody needs the partials of an ended session; everything else is in the database. */
const RECENT_ONCE_ENDED = 50;
const SNAPSHOT_SEGMENTS = 20;

/** The last messages of one session, in memory; older ones are only in the database. */
export class SessionJournal {
  #recent: Message[] = [];
  /** The last finals, without the times of their words. */
  #finals: SnapshotMessage['segments'][number][] = [];
  /** The last partial of each segment that has no final. */
  readonly #open = new Map<string, TranscriptMessage>();
  readonly #readers = new Set<Reader>();
  #lastSeq = 0;
  #ended = false;

  /** @param past the last messages in the database */
  constructor(
    readonly sessionId: string,
    past: readonly Message[] = [],
  ) {
    for (const message of past) this.append(message);
  }

  get lastSeq(): number {
    return this.#lastSeq;
  }

  /** The oldest `seq` in memory; `Infinity` while there is none. */
  get firstSeq(): number {
    return this.#recent[0]?.seq ?? Infinity;
  }

  /** Whether its last message was appended. */
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
    if (isFinal(message)) this.#addFinal(message);
    if (message.type === 'status' && message.status === 'ended') this.#ended = true;
    this.#dropOld();
    for (const reader of this.#readers) reader(message);
  }

  /** The messages in memory with a `seq` above `afterSeq`. */
  since(afterSeq: number): Message[] {
    return this.#recent.filter(({ seq }) => seq > afterSeq);
  }

  /** The last finals, for participants who join late. */
  snapshot(): SnapshotMessage | undefined {
    return this.#finals.length === 0
      ? undefined
      : { v: 1, type: 'snapshot', sessionId: this.sessionId, seq: this.#lastSeq, segments: [...this.#finals] };
  }

  /** Drops messages whose words were erased. */
  erase(isErased: (message: Message) => boolean): void {
    this.#recent = this.#recent.filter((message) => !isErased(message));
    this.#finals = this.#finals.filter((final) => !isErased(final));
    for (const [segmentId, message] of this.#open) if (isErased(message)) this.#open.delete(segmentId);
  }

  /** Calls `reader` with every message from now on, until the returned function is called. */
  follow(reader: Reader): () => void {
    this.#readers.add(reader);
    return () => void this.#readers.delete(reader);
  }

  #dropOld(): void {
    const most = this.#ended ? RECENT_ONCE_ENDED : RECENT;
    while (this.#recent.length > most) this.#recent.shift();
  }

  #addFinal({ words: _, ...final }: TranscriptMessage): void {
    this.#finals.push(final);
    if (this.#finals.length > SNAPSHOT_SEGMENTS) this.#finals.shift();
  }
}
