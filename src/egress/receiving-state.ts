/** Whether sound comes now, for who wants to be told of each change. */
export class ReceivingState {
  #receiving = false;
  readonly #listeners: ((heard: boolean) => void)[] = [];

  get receiving(): boolean {
    return this.#receiving;
  }

  onChange(listener: (heard: boolean) => void): void {
    this.#listeners.push(listener);
  }

  set(heard: boolean): void {
    if (heard === this.#receiving) return;
    this.#receiving = heard;
    for (const listener of this.#listeners) listener(heard);
  }
}
