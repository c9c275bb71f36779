import { BoundedMap } from './bounded-map.js';

const MAX_SESSIONS = 1_000;

/** The sessions that ended last, with a value for each. */
export class EndedSessions<T = undefined> {
  readonly #ended = new BoundedMap<string, T>(MAX_SESSIONS);

  add(sessionId: string, value: T): void {
    this.#ended.set(sessionId, value);
  }

  has(sessionId: string): boolean {
    return this.#ended.has(sessionId);
  }

  delete(sessionId: string): void {
    this.#ended.delete(sessionId);
  }

  get(sessionId: string): T | undefined {
    return this.#ended.get(sessionId);
  }
}
