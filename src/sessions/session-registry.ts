import { Deferred } from '../async/deferred.js';
import { withTimeout } from '../async/with-timeout.js';
import type { Session } from './session.js';

const MAX_ENDED = 1000;

/** The sessions in memory: all that have not ended, and the last ones that have. */
export class SessionRegistry {
  readonly #sessions = new Map<string, Session>();
  /** The last session of each room. */
  readonly #lastIn = new Map<string, Session>();
  #allEnded = new Deferred();

  add(session: Session): Session {
    this.#sessions.set(session.id, session);
    const last = this.#lastIn.get(session.room);
    if (last === undefined || last.record.createdAtMs <= session.record.createdAtMs) {
      this.#lastIn.set(session.room, session);
    }
    return session;
  }

  find(id: string): Session | undefined {
    return this.#sessions.get(id);
  }

  /** Oldest first. */
  all(): Session[] {
    return [...this.#sessions.values()].sort((a, b) => a.record.createdAtMs - b.record.createdAtMs);
  }

  delete(id: string): void {
    const session = this.#sessions.get(id);
    if (session !== undefined) this.#delete(session);
  }

  lastIn(room: string): Session | undefined {
    return this.#lastIn.get(room);
  }

  activeIn(room: string): Session | undefined {
    const last = this.#lastIn.get(room);
    return last?.active === true ? last : undefined;
  }

  live(): Session[] {
    return [...this.#sessions.values()].filter(({ status }) => status === 'live');
  }

  finish(session: Session): void {
    session.finish();
    this.forgetOld();
    if (this.#anyEnding()) return;
    this.#allEnded.resolve();
    this.#allEnded = new Deferred();
  }

  /** Of those that have ended, only the last stay. */
  forgetOld(): void {
    const ended = this.all().filter(({ status }) => status === 'ended');
    for (const old of ended.slice(0, Math.max(0, ended.length - MAX_ENDED))) this.#delete(old);
  }

  /** Resolves when no session is ending, or after `timeoutMs`. */
  async allEnded(timeoutMs: number): Promise<void> {
    if (this.#anyEnding()) await withTimeout(this.#allEnded.promise, timeoutMs, undefined);
  }

  #delete(session: Session): void {
    this.#sessions.delete(session.id);
    if (this.#lastIn.get(session.room) === session) this.#lastIn.delete(session.room);
  }

  #anyEnding(): boolean {
    return [...this.#sessions.values()].some(({ status }) => status === 'ending');
  }
}
