import type { OnApplicationShutdown } from '@nestjs/common';

/** What a socket had when it was read: nothing at all, some, or so much that there may be more. */
export type Fetched = 'nothing' | 'some' | 'more';

/** A connection that can be read at a time of our choosing, instead of whenever something comes. */
export interface SteadySocket {
  /** From now on it is read by rounds alone. */
  enterRounds(): void;
  /** From now on it is read when something comes. */
  leaveRounds(): void;
  fetch(): Fetched;
}

/** No source of sound sends more often. */
const FRAMES_APART_MS = 10;
/** After so many reads, each because something came, a connection is taken for steady. */
const STEADY_READS = 16;

/**
 * Reads the connections that send steadily, one after the other, whenever the mix is about to take what has come. Asked
 * for each frame, the event loop costs more than all that becomes of the frame; here one read brings all of them, and what
 * comes meanwhile would have waited for the mix anyway.
 */
export class ReadingRounds implements OnApplicationShutdown {
  readonly #candidates = new Set<SteadySocket>();
  readonly #steady = new Set<SteadySocket>();
  /** Those of them where more may be there than was read last. */
  readonly #behind = new Set<SteadySocket>();
  #lastMs = -Infinity;

  constructor(private readonly steadyReads = STEADY_READS) {}

  /** How many connections are read in rounds now. */
  get size(): number {
    return this.#steady.size;
  }

  /** One that was read so often joins in the next round; where no round comes, it is read as before. */
  offer(socket: SteadySocket, reads: number): void {
    if (reads === this.steadyReads) this.#candidates.add(socket);
  }

  withdraw(socket: SteadySocket): void {
    this.#candidates.delete(socket);
    this.#behind.delete(socket);
    if (this.#steady.delete(socket)) socket.leaveRounds();
  }

  /** Reads all that is there. One that had nothing is read when something comes again. */
  round(nowMs: number): void {
    const isSoon = nowMs - this.#lastMs < FRAMES_APART_MS;
    if (!isSoon) this.#lastMs = nowMs;
    for (const socket of isSoon ? this.#behind : this.#steady) this.#fetch(socket);
    this.#admit();
  }

  /** No round comes any more. */
  onApplicationShutdown(): void {
    this.#candidates.clear();
    for (const socket of this.#steady) this.withdraw(socket);
  }

  #fetch(socket: SteadySocket): void {
    const fetched = socket.fetch();
    if (fetched === 'nothing') this.withdraw(socket);
    else if (fetched === 'some') this.#behind.delete(socket);
    else if (this.#steady.has(socket)) this.#behind.add(socket);
  }

  #admit(): void {
    for (const socket of this.#candidates) {
      this.#steady.add(socket);
      socket.enterRounds();
    }
    this.#candidates.clear();
  }
}
