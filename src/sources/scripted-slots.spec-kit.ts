import { EgressSlots, type ReleaseSlot } from '../records/egress-slots.js';

/** So many slots, first come, first served. */
export class ScriptedSlots extends EgressSlots {
  #taken = 0;
  readonly #queue: ((release: ReleaseSlot) => void)[] = [];
  readonly #listeners: (() => void)[] = [];

  constructor(private readonly limit: number) {
    super();
  }

  override get taken(): number {
    return this.#taken;
  }

  override get free(): number {
    return this.#queue.length > 0 ? 0 : this.limit - this.#taken;
  }

  override get waiting(): number {
    return this.#queue.length;
  }

  override tryAcquire(): ReleaseSlot | undefined {
    return this.free > 0 ? this.#take() : undefined;
  }

  override async acquire(_signal: AbortSignal, place: 'first' | 'last' = 'last'): Promise<ReleaseSlot | undefined> {
    return this.tryAcquire() ?? new Promise((grant) => this.#queue[place === 'first' ? 'unshift' : 'push'](grant));
  }

  override foundFull(): void {
    throw new Error('nobody finds that here');
  }

  override onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  #take(): ReleaseSlot {
    this.#taken += 1;
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.#taken -= 1;
      if (this.#queue.length > 0) this.#queue.shift()?.(this.#take());
      for (const listener of this.#listeners) listener();
    };
  }
}
