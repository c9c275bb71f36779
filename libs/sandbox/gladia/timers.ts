/** The timers of one owner, all of which end with it. */
export class Timers {
  readonly #running = new Set<NodeJS.Timeout>();
  #isClosed = false;

  /** Runs `task` once after `ms`; infinity never does. Returns how to cancel it. */
  after(ms: number, task: () => void): () => void {
    if (this.#isClosed || ms === Infinity) return () => undefined;
    const timer = setTimeout(() => {
      this.#running.delete(timer);
      task();
    }, ms);
    this.#running.add(timer);
    return () => {
      clearTimeout(timer);
      this.#running.delete(timer);
    };
  }

  close(): void {
    this.#isClosed = true;
    for (const timer of this.#running) clearTimeout(timer);
    this.#running.clear();
  }
}
