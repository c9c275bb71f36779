import type { EgressSlots, ReleaseSlot } from './egress-slots.port.js';

/** One run's hold on a slot: kept over restarts, given back once. */
export class SlotReservation {
  #release: ReleaseSlot | undefined;

  /** @param taken a slot that it has already */
  constructor(
    private readonly slots: EgressSlots,
    private place: 'first' | 'last',
    taken?: ReleaseSlot,
  ) {
    this.#release = taken;
  }

  get held(): boolean {
    return this.#release !== undefined;
  }

  /** Whether `take()` would have to wait. */
  get mustWait(): boolean {
    return this.#release === undefined && this.slots.free === 0;
  }

  /** Resolves with true when it has a slot; with false when `signal` aborts first. */
  async take(signal: AbortSignal): Promise<boolean> {
    this.#release ??= await this.slots.acquire(signal, this.place);
    this.place = 'last';
    return this.#release !== undefined;
  }

  /** Where it will stand in the queue if it has to wait again: nobody who had a turn shall lose it by LiveKit's count. */
  queueFirst(): void {
    this.place = 'first';
  }

  release(): void {
    this.#release?.();
    this.#release = undefined;
  }
}
