import { BoundedMap } from './bounded-map.js';

const KEPT = 1_000;

/** The last sessions that ended, and what is still to be said of each. The oldest are forgotten. */
export class EndedSessions<T = undefined> {
  readonly #ended = new BoundedMap<string, T>(KEPT);

  add(sessionId: string, last: T): void {
    this.#ended.set(sessionId, last);
  }

  has(sessionId: string): boolean {
    return this.#ended.has(sessionId);
  }

  get(sessionId: string): T | undefined {
    return this.#ended.get(sessionId);
  }
}
