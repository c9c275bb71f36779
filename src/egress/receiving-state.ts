/** Whether sound comes now, for who wants to be told of each change. */
export class ReceivingState {
  #heard = false;
  readonly #listeners: ((receiving: boolean) => void)[] = [];

  get heard(): boolean {
    return this.#heard;
  }

  onChange(listener: (heard: boolean) => void): void {
    this.#listeners.push(listener);
  }

  set(heard: boolean): void {
    if (heard === this.#heard) return;
    this.#heard = heard;
    for (const listener of this.#listeners) listener(heard);
  }
}
