/** Something that happens at most once and can be awaited. */
export class Deferred<T = void> {
  readonly promise: Promise<T>;
  #happened = false;
  #resolve!: (value: T) => void;

  constructor() {
    this.promise = new Promise((resolve) => (this.#resolve = resolve));
  }

  get settled(): boolean {
    return this.#happened;
  }

  resolve(value: T): void {
    this.#happened = true;
    this.#resolve(value);
  }
}
