/** The lowest of the values seen lately: over the last one to two spans of so many observations. */
export class WindowedMinimum {
  #current = Infinity;
  #previous = Infinity;
  #seen = 0;
  #settled = false;

  constructor(private readonly span: number) {}

  get value(): number {
    return Math.min(this.#current, this.#previous);
  }

  /** Whether a whole span was seen since the beginning or the last reset. */
  get settled(): boolean {
    return this.#settled;
  }

  observe(value: number): void {
    if (this.#seen === this.span) {
      this.#previous = this.#current;
      this.#current = Infinity;
      this.#seen = 0;
      this.#settled = true;
    }
    this.#current = Math.min(this.#current, value);
    this.#seen++;
  }

  /** The level itself was changed: what was seen would have been that much higher. */
  shift(by: number): void {
    this.#current += by;
    this.#previous += by;
  }

  reset(): void {
    this.#current = this.#previous = Infinity;
    this.#seen = 0;
    this.#settled = false;
  }
}
