import { EgressSlots, type ReleaseSlot } from './egress-slots.port.js';

interface Waiting {
  readonly place: 'first' | 'last';
  readonly grant: (release: ReleaseSlot) => void;
}

/** The slots of a service that has the account's limit for itself: first come, first served. */
export class LocalEgressSlots extends EgressSlots {
  #taken = 0;
  /** What LiveKit was found to allow, where that is less than the limit. */
  #ceiling = Infinity;
  #ceilingTimer: NodeJS.Timeout | undefined;
  #queue: Waiting[] = [];
  readonly #listeners: (() => void)[] = [];

  constructor(private readonly limit: number) {
    super();
  }

  override get taken(): number {
    return this.#taken;
  }

  override get free(): number {
    return this.#queue.length > 0 ? 0 : this.#room;
  }

  override get waiting(): number {
    return this.#queue.filter(({ place }) => place === 'last').length;
  }

  override onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  override tryAcquire(): ReleaseSlot | undefined {
    return this.free > 0 ? this.#take() : undefined;
  }

  override async acquire(signal: AbortSignal, place: 'first' | 'last' = 'last'): Promise<ReleaseSlot | undefined> {
    if (signal.aborted) return undefined;
    return this.tryAcquire() ?? this.#wait(signal, place);
  }

  override foundFull(forMs: number): void {
    this.#ceiling = Math.max(0, this.#taken - 1);
    clearTimeout(this.#ceilingTimer);
    this.#ceilingTimer = setTimeout(() => {
      this.#ceiling = Infinity;
      this.#serve();
    }, forMs).unref();
  }

  get #room(): number {
    return Math.max(0, Math.min(this.limit, this.#ceiling) - this.#taken);
  }

  async #wait(signal: AbortSignal, place: 'first' | 'last'): Promise<ReleaseSlot | undefined> {
    return new Promise((resolve) => {
      const giveUp = (): void => {
        this.#queue = this.#queue.filter((other) => other !== waiting);
        resolve(undefined);
      };
      const waiting: Waiting = {
        place,
        grant: (release) => {
          signal.removeEventListener('abort', giveUp);
          resolve(release);
        },
      };
      signal.addEventListener('abort', giveUp, { once: true });
      if (place === 'first') this.#queue.unshift(waiting);
      else this.#queue.push(waiting);
      this.#tell();
    });
  }

  #take(): ReleaseSlot {
    this.#taken += 1;
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.#taken -= 1;
      this.#serve();
    };
  }

  #serve(): void {
    while (this.#room > 0) {
      const next = this.#queue.shift();
      if (next === undefined) break;
      next.grant(this.#take());
    }
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
