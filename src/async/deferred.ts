/** Something that happens at most once and can be awaited. */
export class Deferred<T = void> {
  readonly promise: Promise<T>;
  #settled = false;
  #resolve!: (value: T) => void;

  constructor() {
    this.promise = new Promise((resolve) => (this.#resolve = resolve));
  }

  get happened(): boolean {
    return this.#settled;
  }

  resolve(value: T): void {
    this.#settled = true;
    this.#resolve(value);
  }
}
