/** Something that happens at most once and can be awaited. */
export class Moment<T = void> {
  readonly come: Promise<T>;
  #happened = false;
  #resolve!: (value: T) => void;

  constructor() {
    this.come = new Promise((resolve) => (this.#resolve = resolve));
  }

  get happened(): boolean {
    return this.#happened;
  }

  happen(value: T): void {
    this.#happened = true;
    this.#resolve(value);
  }
}
