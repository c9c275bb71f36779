import { WaitQueue } from '../async/wait-queue.js';
import { EgressSlots, type ReleaseSlot } from './egress-slots.port.js';

/** For how long a first refusal lowers the limit; each refusal that follows closely doubles it. */
const FIRST_CEILING_MS = 1_000;
const AGAIN_WITHIN_MS = 10_000;

/** The slots of a service that has the account's limit for itself: first come, first served. */
export class LocalEgressSlots extends EgressSlots {
  #taken = 0;
  /** What LiveKit was found to allow, where that is less than the limit. */
  #ceiling = Infinity;
  #ceilingMs = FIRST_CEILING_MS;
  #ceilingEndedAtMs = -Infinity;
  #ceilingTimer: NodeJS.Timeout | undefined;
  /** The order is negative for those who queue at the head, the latest first. */
  readonly #queue = new WaitQueue<ReleaseSlot>();
  #arrivals = 0;
  readonly #listeners: (() => void)[] = [];

  constructor(private readonly limit: number) {
    super();
  }

  override get taken(): number {
    return this.#taken;
  }

  override get free(): number {
    return this.#queue.isEmpty ? this.#available : 0;
  }

  override get waiting(): number {
    return this.#queue.orders.filter((order) => order > 0).length;
  }

  override onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  override tryAcquire(): ReleaseSlot | undefined {
    return this.free > 0 ? this.#take() : undefined;
  }

  override async acquire(signal: AbortSignal, place: 'first' | 'last' = 'last'): Promise<ReleaseSlot | undefined> {
    if (signal.aborted) return undefined;
    const slot = this.tryAcquire();
    if (slot !== undefined) return slot;
    this.#arrivals += 1;
    const granted = this.#queue.wait(place === 'first' ? -this.#arrivals : this.#arrivals, signal);
    this.#notify();
    return granted;
  }

  override foundFull(mostMs: number): void {
    const nowMs = performance.now();
    const isAgain = nowMs - this.#ceilingEndedAtMs < AGAIN_WITHIN_MS;
    this.#ceilingMs = Math.min(mostMs, isAgain ? 2 * this.#ceilingMs : FIRST_CEILING_MS);
    this.#ceiling = Math.max(0, this.#taken - 1);
    clearTimeout(this.#ceilingTimer);
    this.#ceilingTimer = setTimeout(() => {
      this.#ceiling = Infinity;
      this.#ceilingEndedAtMs = performance.now();
      this.#grantAvailable();
    }, this.#ceilingMs).unref();
  }

  get #available(): number {
    return Math.max(0, Math.min(this.limit, this.#ceiling) - this.#taken);
  }

  #take(): ReleaseSlot {
    this.#taken += 1;
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.#taken -= 1;
      this.#grantAvailable();
    };
  }

  #grantAvailable(): void {
    while (this.#available > 0 && !this.#queue.isEmpty) this.#queue.grantNext(() => this.#take());
    this.#notify();
  }

  #notify(): void {
    for (const listener of this.#listeners) listener();
  }
}
