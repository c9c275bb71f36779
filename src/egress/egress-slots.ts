/** Takes one slot back. Idempotent. */
export type ReleaseSlot = () => void;

/** The account's limit on concurrent egresses: first come, first served. */
export class EgressSlots {
  #taken = 0;
  readonly #queue: { grant: (release: ReleaseSlot) => void }[] = [];

  constructor(private readonly limit: number) {}

  get taken(): number {
    return this.#taken;
  }

  get free(): boolean {
    return this.#taken < this.limit;
  }

  get waiting(): number {
    return this.#queue.length;
  }

  /** Resolves with a slot as soon as one is free; with undefined when `signal` aborts first. */
  async acquire(signal: AbortSignal): Promise<ReleaseSlot | undefined> {
    if (signal.aborted) return undefined;
    if (this.free) return this.#grant();
    return new Promise((resolve) => {
      const waiting = {
        grant: (release: ReleaseSlot) => {
          signal.removeEventListener('abort', giveUp);
          resolve(release);
        },
      };
      const giveUp = (): void => {
        this.#queue.splice(this.#queue.indexOf(waiting), 1);
        resolve(undefined);
      };
      signal.addEventListener('abort', giveUp, { once: true });
      this.#queue.push(waiting);
    });
  }

  #grant(): ReleaseSlot {
    this.#taken += 1;
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.#taken -= 1;
      this.#queue.shift()?.grant(this.#grant());
    };
  }
}
