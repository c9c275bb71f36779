const KEPT = 1_000;

/** The last sessions that ended, and what is still to be said of each. The oldest are forgotten. */
export class EndedSessions<T = undefined> {
  readonly #ended = new Map<string, T>();

  add(sessionId: string, last: T): void {
    this.#ended.set(sessionId, last);
    const [oldest] = this.#ended.keys();
    if (this.#ended.size > KEPT && oldest !== undefined) this.#ended.delete(oldest);
  }

  has(sessionId: string): boolean {
    return this.#ended.has(sessionId);
  }

  get(sessionId: string): T | undefined {
    return this.#ended.get(sessionId);
  }
}
