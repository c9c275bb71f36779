/** Gives the slot back. Idempotent. */
export type ReleaseSlot = () => void;

/** For whom a slot is held. */
export interface SlotHolder {
  readonly sessionId: string;
  /** Empty for a whole room on one egress. */
  readonly identity: string;
}

/** How many egresses may run at once, for the whole LiveKit account. Provided by the egress module. */
export abstract class EgressSlots {
  abstract readonly taken: number;

  /** How many could be acquired at once; 0 while anyone queues. */
  abstract readonly free: number;

  /** How many queue for a slot, without those that were put at the head of the queue. */
  abstract readonly waiting: number;

  /** A slot, if one is free. */
  abstract tryAcquire(holder: SlotHolder): ReleaseSlot | undefined;

  /**
   * Resolves with a slot; with undefined when `signal` aborts first. A free slot goes to the person who holds fewest, of
   * those to the session that holds fewest, and of those to who came first.
   */
  abstract acquire(holder: SlotHolder, signal: AbortSignal, place?: 'first' | 'last'): Promise<ReleaseSlot | undefined>;

  /**
   * Who should give up a slot, since a person who has none waits for one: a person who holds several, or else any of a
   * session that holds several while that of the person has none. Undefined where all is fair.
   */
  abstract overHolder(): { readonly sessionId: string; readonly identity?: string } | undefined;

  /**
   * LiveKit refused an egress for which a slot was acquired: other services use the account too. For a second, and for longer
   * when that happens again and again (at most `mostMs`), the limit is the number of slots that are taken, without the refused
   * one.
   */
  abstract foundFull(mostMs: number): void;

  /** Calls back when a slot was released, or somebody began to queue. */
  abstract onChange(listener: () => void): void;
}
