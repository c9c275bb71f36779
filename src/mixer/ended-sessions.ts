const REMEMBERED = 10_000;

/** Sessions that are over, so that who comes late is told so. The oldest are forgotten. */
export class EndedSessions {
  readonly #ids = new Set<string>();

  add(sessionId: string): void {
    this.#ids.add(sessionId);
    if (this.#ids.size <= REMEMBERED) return;
    for (const oldest of this.#ids) {
      this.#ids.delete(oldest);
      return;
    }
  }

  has(sessionId: string): boolean {
    return this.#ids.has(sessionId);
  }
}
