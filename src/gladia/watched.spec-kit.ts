/** Something that a test waits for: `when` resolves as soon as a condition holds; it is checked after each change. */
export class Watched {
  readonly #waiting = new Set<{ holds: () => boolean; resolve: () => void }>();

  /** Rejects after a timeout, naming what did not come. */
  when(what: string, holds: () => boolean, withinMs = 15_000): Promise<void> {
    if (holds()) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`timed out waiting for: ${what}`)), withinMs);
      const done = (): void => {
        clearTimeout(timer);
        resolve();
      };
      this.#waiting.add({ holds, resolve: done });
    });
  }

  changed(): void {
    for (const waiting of [...this.#waiting]) {
      if (!waiting.holds()) continue;
      this.#waiting.delete(waiting);
      waiting.resolve();
    }
  }
}
