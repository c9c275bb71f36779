import type { Message, SnapshotMessage, TranscriptMessage } from '../../libs/protocol/message.js';

type Reader = (message: Message) => void;

const RECENT = 2_000;
const SNAPSHOT_SEGMENTS = 20;

/** The messages of one session: the last two thousand whole, and every final. */
export class SessionJournal {
  readonly #recent: Message[] = [];
  readonly #finals: TranscriptMessage[] = [];
  readonly #readers = new Set<Reader>();
  #lastSeq = 0;
  #ended = false;

  constructor(private readonly sessionId: string) {}

  get lastSeq(): number {
    return this.#lastSeq;
  }

  /** Whether its last message was written. */
  get ended(): boolean {
    return this.#ended;
  }

  append(message: Message): void {
    this.#lastSeq = message.seq;
    this.#recent.push(message);
    if (this.#recent.length > RECENT) this.#recent.shift();
    if (message.type === 'transcript' && message.final && message.text !== '') this.#finals.push(message);
    if (message.type === 'status' && message.status === 'ended') this.#ended = true;
    for (const reader of this.#readers) reader(message);
  }

  /** Finals numbered above `afterSeq`, oldest first. */
  finals(afterSeq = 0): readonly TranscriptMessage[] {
    return this.#finals.filter(({ seq }) => seq > afterSeq);
  }

  /** Messages numbered above `afterSeq`; of what is too long ago for the whole, the finals. */
  since(afterSeq: number): Message[] {
    const oldest = this.#recent[0]?.seq ?? Infinity;
    const older = this.#finals.filter(({ seq }) => seq > afterSeq && seq < oldest);
    return [...older, ...this.#recent.filter(({ seq }) => seq > afterSeq)];
  }

  /** The last finals, without the times of their words. */
  snapshot(): SnapshotMessage | undefined {
    const segments = this.#finals.slice(-SNAPSHOT_SEGMENTS).map(({ words: _, ...segment }) => segment);
    return segments.length === 0
      ? undefined
      : { v: 1, type: 'snapshot', sessionId: this.sessionId, seq: this.#lastSeq, segments };
  }

  /** Calls `reader` with every message from now on, until the returned function is called. */
  follow(reader: Reader): () => void {
    this.#readers.add(reader);
    return () => void this.#readers.delete(reader);
  }
}
