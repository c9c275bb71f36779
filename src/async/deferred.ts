/** A promise that is resolved from outside. */
export class Deferred<T = void> {
  readonly promise: Promise<T>;
  #settled = false;
  #resolve!: (value: T) => void;

  constructor() {
    this.promise = new Promise((resolve) => (this.#resolve = resolve));
  }

  get settled(): boolean {
    return this.#settled;
  }

  resolve(value: T): void {
    this.#settled = true;
    this.#resolve(value);
  }
}
