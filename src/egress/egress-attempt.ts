/** One start of an Egress and the one socket it may open: both ends can be awaited. */
export class EgressAttempt {
  readonly opened: Promise<void>;
  /** Resolves with the WebSocket's close code. */
  readonly closed: Promise<number>;
  #markOpened!: () => void;
  #markClosed!: (code: number) => void;

  constructor(readonly number: number) {
    this.opened = new Promise((resolve) => (this.#markOpened = resolve));
    this.closed = new Promise((resolve) => (this.#markClosed = resolve));
  }

  markOpened(): void {
    this.#markOpened();
  }

  markClosed(code: number): void {
    this.#markClosed(code);
  }
}
