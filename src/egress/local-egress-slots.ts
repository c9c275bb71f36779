import { WaitQueue } from '../async/wait-queue.js';
import { EgressSlots, type ReleaseSlot, type SlotHolder } from './egress-slots.port.js';

/** For how long a first refusal lowers the limit; each refusal that follows closely doubles it. */
const FIRST_CEILING_MS = 1_000;
const AGAIN_WITHIN_MS = 10_000;

/** The slots of a service that has the account's limit for itself. */
export class LocalEgressSlots extends EgressSlots {
  /** What LiveKit was found to allow, where that is less than the limit. */
  #ceiling = Infinity;
  #ceilingMs = FIRST_CEILING_MS;
  #ceilingEndedAtMs = -Infinity;
  #ceilingTimer: NodeJS.Timeout | undefined;
  /** The order is negative for those who queue at the head, the latest first. */
  readonly #queue = new WaitQueue<ReleaseSlot>();
  /** By order. */
  readonly #waiting = new Map<number, SlotHolder>();
  readonly #holders = new Set<{ readonly holder: SlotHolder }>();
  #arrivals = 0;
  readonly #listeners: (() => void)[] = [];

  constructor(private readonly limit: number) {
    super();
  }

  override get taken(): number {
    return this.#holders.size;
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

  override tryAcquire(holder: SlotHolder): ReleaseSlot | undefined {
    return this.free > 0 ? this.#take(holder) : undefined;
  }

  override async acquire(
    holder: SlotHolder,
    signal: AbortSignal,
    place: 'first' | 'last' = 'last',
  ): Promise<ReleaseSlot | undefined> {
    if (signal.aborted) return undefined;
    const slot = this.tryAcquire(holder);
    if (slot !== undefined) return slot;
    this.#arrivals += 1;
    const order = place === 'first' ? -this.#arrivals : this.#arrivals;
    this.#waiting.set(order, holder);
    const granted = this.#queue.wait(order, signal).finally(() => this.#waiting.delete(order));
    this.#notify();
    return granted;
  }

  override overHolder(): { readonly sessionId: string; readonly identity?: string } | undefined {
    const held = [...this.#holders].map(({ holder }) => holder);
    const waiting = [...this.#waiting.values()].filter((holder) => held.filter(isPerson(holder)).length === 0);
    if (waiting.length === 0) return undefined;
    const person = mostOf(held, isPerson);
    if (person !== undefined) return person;
    const isLeftOut = waiting.some((holder) => held.filter(isSession(holder)).length === 0);
    const session = isLeftOut ? mostOf(held, isSession) : undefined;
    return session && { sessionId: session.sessionId };
  }

  override foundFull(mostMs: number): void {
    const nowMs = performance.now();
    const isAgain = nowMs - this.#ceilingEndedAtMs < AGAIN_WITHIN_MS;
    this.#ceilingMs = Math.min(mostMs, isAgain ? 2 * this.#ceilingMs : FIRST_CEILING_MS);
    this.#ceiling = Math.max(0, this.taken - 1);
    clearTimeout(this.#ceilingTimer);
    this.#ceilingTimer = setTimeout(() => {
      this.#ceiling = Infinity;
      this.#ceilingEndedAtMs = performance.now();
      this.#grantAvailable();
    }, this.#ceilingMs).unref();
  }

  get #available(): number {
    return Math.max(0, Math.min(this.limit, this.#ceiling) - this.taken);
  }

  #take(holder: SlotHolder): ReleaseSlot {
    const slot = { holder };
    this.#holders.add(slot);
    return () => {
      if (this.#holders.delete(slot)) this.#grantAvailable();
    };
  }

  #grantAvailable(): void {
    while (this.#available > 0 && !this.#queue.isEmpty)
      this.#queue.grantNext(
        (order) => this.#take(this.#waiting.get(order) ?? NOBODY),
        (orders) => this.#fairest(orders),
      );
    this.#notify();
  }

  /** Who queues at the head comes first; of the others who holds fewest. */
  #fairest(orders: readonly number[]): number {
    const head = Math.min(...orders);
    if (head < 0) return head;
    const held = [...this.#holders].map(({ holder }) => holder);
    const waiting = orders.map((order) => {
      const holder = this.#waiting.get(order) ?? NOBODY;
      const heldByPerson = held.filter(isPerson(holder)).length;
      return { order, heldByPerson, heldBySession: held.filter(isSession(holder)).length };
    });
    waiting.sort((a, b) => a.heldByPerson - b.heldByPerson || a.heldBySession - b.heldBySession || a.order - b.order);
    return waiting[0]?.order ?? head;
  }

  #notify(): void {
    for (const listener of this.#listeners) listener();
  }
}

const NOBODY: SlotHolder = { sessionId: '', identity: '' };

const isSession = (one: SlotHolder) => (other: SlotHolder) => one.sessionId === other.sessionId;
const isPerson = (one: SlotHolder) => (other: SlotHolder) =>
  one.sessionId === other.sessionId && one.identity === other.identity;

/** One of those who hold most, if they hold several. */
function mostOf(
  held: readonly SlotHolder[],
  isSame: (one: SlotHolder) => (other: SlotHolder) => boolean,
): SlotHolder | undefined {
  const counted = held.map((holder) => ({ holder, count: held.filter(isSame(holder)).length }));
  const most = counted.sort((a, b) => b.count - a.count)[0];
  return most !== undefined && most.count > 1 ? most.holder : undefined;
}
