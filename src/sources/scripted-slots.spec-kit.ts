import { EgressSlots, type ReleaseSlot, type SlotHolder } from '../egress/egress-slots.port.js';

/** So many slots, first come, first served. */
export class ScriptedSlots extends EgressSlots {
  #taken = 0;
  readonly #queue: ((release: ReleaseSlot | undefined) => void)[] = [];
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

  override overHolder(): undefined {
    return undefined;
  }

  override async acquire(
    _holder: SlotHolder,
    signal: AbortSignal,
    place: 'first' | 'last' = 'last',
  ): Promise<ReleaseSlot | undefined> {
    return this.tryAcquire() ?? this.#wait(signal, place);
  }

  override foundFull(): void {
    throw new Error('nobody finds that here');
  }

  override onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  async #wait(signal: AbortSignal, place: 'first' | 'last'): Promise<ReleaseSlot | undefined> {
    return new Promise((grant) => {
      this.#queue[place === 'first' ? 'unshift' : 'push'](grant);
      signal.addEventListener('abort', () => {
        const at = this.#queue.indexOf(grant);
        if (at >= 0) this.#queue.splice(at, 1);
        grant(undefined);
      });
    });
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
