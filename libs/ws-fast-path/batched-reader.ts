/** What a read has found: nothing, some bytes, or so many that more may be waiting. */
export type ReadResult = 'nothing' | 'some' | 'more';

/** A connection that can be read when we choose, instead of whenever bytes arrive. */
export interface BatchedSocket {
  /** From here on it is read by `readAvailable` alone. */
  startBatching(): void;
  /** From here on it is read whenever bytes arrive. */
  stopBatching(): void;
  readAvailable(): ReadResult;
}

/** No audio source sends more often. */
const FRAME_INTERVAL_MS = 10;
/** A connection that was read so many times sends steadily. */
const READS_BEFORE_BATCHING = 16;

/**
 * Reads all connections that send steadily in one go, right before their audio is needed. Woken up by the event loop for
 * each frame, a connection costs more than the frame's whole processing; here one read brings several frames at once.
 */
export class BatchedReader {
  readonly #candidates = new Set<BatchedSocket>();
  readonly #batched = new Set<BatchedSocket>();
  /** Those of them of which the last read may have left something. */
  readonly #behind = new Set<BatchedSocket>();
  #lastReadMs = -Infinity;

  constructor(private readonly readsBeforeBatching = READS_BEFORE_BATCHING) {}

  /** How many connections are read in batches. */
  get size(): number {
    return this.#batched.size;
  }

  /**
   * Called with the number of reads of a connection that is not batched. One that has been read often enough joins at the
   * end of the next `readAll`.
   */
  onRead(socket: BatchedSocket, reads: number): void {
    if (reads === this.readsBeforeBatching) this.#candidates.add(socket);
  }

  remove(socket: BatchedSocket): void {
    this.#candidates.delete(socket);
    this.#behind.delete(socket);
    if (this.#batched.delete(socket)) socket.stopBatching();
  }

  /** Reads all batched connections. One that has nothing is read by events again, which is how its end is noticed. */
  readAll(nowMs: number): void {
    const isTooSoon = nowMs - this.#lastReadMs < FRAME_INTERVAL_MS;
    if (!isTooSoon) this.#lastReadMs = nowMs;
    for (const socket of isTooSoon ? this.#behind : this.#batched) this.#read(socket);
    this.#admitCandidates();
  }

  /** Has all connections read by events: nobody calls `readAll` any more. */
  stop(): void {
    this.#candidates.clear();
    for (const socket of this.#batched) this.remove(socket);
  }

  #read(socket: BatchedSocket): void {
    const result = socket.readAvailable();
    if (result === 'nothing') this.remove(socket);
    else if (result === 'some') this.#behind.delete(socket);
    else if (this.#batched.has(socket)) this.#behind.add(socket);
  }

  #admitCandidates(): void {
    for (const socket of this.#candidates) {
      this.#batched.add(socket);
      socket.startBatching();
    }
    this.#candidates.clear();
  }
}
