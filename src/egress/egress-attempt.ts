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

/** Whether it happened within the time. */
export async function within(event: Promise<unknown>, ms: number): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), ms);
    void event.then(() => {
      clearTimeout(timer);
      resolve(true);
    });
  });
}

/** Resolves when the signal aborts. */
export async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
