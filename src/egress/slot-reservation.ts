import type { EgressSlots, ReleaseSlot, SlotHolder } from './egress-slots.port.js';

/** The slot of one egress run, held over restarts and released once. */
export class SlotReservation {
  #release: ReleaseSlot | undefined;

  /** @param held a slot that is already held for the run */
  constructor(
    private readonly slots: EgressSlots,
    private readonly holder: SlotHolder,
    private place: 'first' | 'last',
    held?: ReleaseSlot,
  ) {
    this.#release = held;
  }

  get held(): boolean {
    return this.#release !== undefined;
  }

  /** Whether `acquire()` would have to wait. */
  get mustWait(): boolean {
    return this.#release === undefined && this.slots.free === 0;
  }

  /** Resolves with true when it holds a slot; with false when `signal` aborts first. */
  async acquire(signal: AbortSignal): Promise<boolean> {
    this.#release ??= await this.slots.acquire(this.holder, signal, this.place);
    this.place = 'last';
    return this.#release !== undefined;
  }

  /** The next `acquire()` queues at the head: a run that LiveKit refused for its limit keeps its turn. */
  queueFirst(): void {
    this.place = 'first';
  }

  release(): void {
    this.#release?.();
    this.#release = undefined;
  }
}
