import type { Session } from './session.js';

const ENDED_KEPT = 1000;

/** The sessions in memory: all that are not over, and the last ones that are. */
export class SessionRegistry {
  readonly #sessions = new Map<string, Session>();
  /** The last session of each room. */
  readonly #lastIn = new Map<string, Session>();
  readonly #waiting = new Set<() => void>();

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
    const ended = this.all().filter(({ status }) => status === 'ended');
    for (const old of ended.slice(0, Math.max(0, ended.length - ENDED_KEPT))) this.#forget(old);
    if (!this.#anyEnding()) for (const wake of this.#waiting) wake();
  }

  /** Resolves when no session is on its way to its end, or after the deadline. */
  async allEnded(deadlineMs: number): Promise<void> {
    if (!this.#anyEnding()) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, deadlineMs);
      this.#waiting.add(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  #forget(session: Session): void {
    this.#sessions.delete(session.id);
    if (this.#lastIn.get(session.room) === session) this.#lastIn.delete(session.room);
  }

  #anyEnding(): boolean {
    return [...this.#sessions.values()].some(({ status }) => status === 'ending');
  }
}
