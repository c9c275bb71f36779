import { Deferred } from './deferred.js';

interface Waiter<T> {
  readonly order: number;
  readonly granted: Deferred<T | undefined>;
}

const lowest = (orders: readonly number[]): number => Math.min(...orders);

/** Those who wait for a slot, lowest order first. Who aborts leaves the queue. Who counts the slots grants them. */
export class WaitQueue<T> {
  readonly #waiters: Waiter<T>[] = [];

  get orders(): readonly number[] {
    return this.#waiters.map(({ order }) => order);
  }

  get isEmpty(): boolean {
    return this.#waiters.length === 0;
  }

  /** Resolves with what `grantNext` gives, or with undefined when the signal aborts first. */
  wait(order: number, signal: AbortSignal): Promise<T | undefined> {
    if (signal.aborted) return Promise.resolve(undefined);
    const waiter: Waiter<T> = { order, granted: new Deferred() };
    const leave = (): void => {
      if (waiter.granted.settled) return;
      this.#waiters.splice(this.#waiters.indexOf(waiter), 1);
      waiter.granted.resolve(undefined);
    };
    signal.addEventListener('abort', leave, { once: true });
    const after = this.#waiters.findIndex((other) => other.order > order);
    this.#waiters.splice(after < 0 ? this.#waiters.length : after, 0, waiter);
    return waiter.granted.promise.finally(() => signal.removeEventListener('abort', leave));
  }

  /**
   * Gives a slot to the first in the queue, if there is one.
   * @param slotFor makes the slot, given the waiter's order
   * @param choose says whose turn it is, by the orders of all that wait; default: the lowest
   */
  grantNext(slotFor: (order: number) => T, choose = lowest): void {
    if (this.isEmpty) return;
    const chosen = choose(this.orders);
    const at = this.#waiters.findIndex(({ order }) => order === chosen);
    const [next] = this.#waiters.splice(at, 1);
    next?.granted.resolve(slotFor(next.order));
  }
}
