import type { Message, SnapshotMessage, TranscriptMessage } from '../../libs/protocol/message.js';
import { SnapshotSource } from './snapshot-source.js';

type Reader = (message: Message) => void;

/** A minute or two of speech: a reader who reconnects later gets no partials from that time. */
const RECENT = 500;
/** Nobody needs the partials of an ended session; everything else is in the database. */
const RECENT_ONCE_ENDED = 50;

/** The last messages of one session, in memory; older ones are only in the database. */
export class SessionJournal {
  #recent: Message[] = [];
  readonly #snapshots = new SnapshotSource();
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
    return this.#snapshots.openSegments;
  }

  append(message: Message): void {
    this.#lastSeq = message.seq;
    this.#recent.push(message);
    this.#snapshots.add(message);
    if (message.type === 'status' && message.status === 'ended') this.#ended = true;
    this.#dropOld();
    for (const reader of this.#readers) reader(message);
  }

  /** The messages in memory with a `seq` above `afterSeq`. */
  since(afterSeq: number): Message[] {
    return this.#recent.filter(({ seq }) => seq > afterSeq);
  }

  /** What a participant who joins late would have on the screen. */
  snapshot(): SnapshotMessage | undefined {
    return this.#snapshots.snapshot(this.sessionId, this.#lastSeq);
  }

  /** Drops messages whose words were erased. */
  erase(isErased: (message: Message) => boolean): void {
    this.#recent = this.#recent.filter((message) => !isErased(message));
    this.#snapshots.erase(isErased);
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
}
