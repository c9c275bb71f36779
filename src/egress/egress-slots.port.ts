/** Takes one slot back. Idempotent. */
export type ReleaseSlot = () => void;

/** How many egresses may run at once, for the whole LiveKit account. Provided by the egress module. */
export abstract class EgressSlots {
  abstract readonly taken: number;

  /** How many could begin at once; 0 while somebody waits. */
  abstract readonly free: number;

  /** How many wait in the queue, those at its head not counted. */
  abstract readonly waiting: number;

  /** A slot, if one is free at once. */
  abstract tryAcquire(): ReleaseSlot | undefined;

  /** Resolves with a slot when this one's turn has come; with undefined when `signal` aborts first. */
  abstract acquire(signal: AbortSignal, place?: 'first' | 'last'): Promise<ReleaseSlot | undefined>;

  /**
   * LiveKit has no slot where we gave one out: others use the account too. For a while no more are given out than are
   * taken, without the one that was found missing.
   */
  abstract foundFull(forMs: number): void;

  /** Calls back when a slot was taken back or somebody began to wait. */
  abstract onChange(listener: () => void): void;
}
