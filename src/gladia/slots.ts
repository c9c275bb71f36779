/** How many Gladia sessions this process may have open at once. First come, first served. */
export class Slots {
  readonly #waiting: (() => void)[] = [];
  #free: number;

  constructor(count: number) {
    this.#free = count;
  }

  get isFull(): boolean {
    return this.#free <= 0;
  }

  /** Resolves to the function that gives the slot back (once), or to `undefined` when the signal came first. */
  async take(signal: AbortSignal): Promise<(() => void) | undefined> {
    if (signal.aborted) return undefined;
    if (!this.isFull) this.#free -= 1;
    else if (!(await this.#turn(signal))) return undefined;
    let held = true;
    return () => {
      if (held) this.#giveBack();
      held = false;
    };
  }

  #turn(signal: AbortSignal): Promise<boolean> {
    return new Promise((resolve) => {
      const givenUp = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(granted), 1);
        resolve(false);
      };
      const granted = (): void => {
        signal.removeEventListener('abort', givenUp);
        resolve(true);
      };
      this.#waiting.push(granted);
      signal.addEventListener('abort', givenUp, { once: true });
    });
  }

  #giveBack(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free += 1;
    else next();
  }
}
