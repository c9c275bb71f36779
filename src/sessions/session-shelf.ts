import type { Session } from './session.js';

const ENDED_KEPT = 1000;

/** The sessions of this process: all that are not over, and the last ones that are. */
export class SessionShelf {
  readonly #sessions = new Map<string, Session>();
  readonly #waiting = new Set<() => void>();

  add(session: Session): Session {
    this.#sessions.set(session.id, session);
    return session;
  }

  find(id: string): Session | undefined {
    return this.#sessions.get(id);
  }

  /** Oldest first. */
  all(): Session[] {
    return [...this.#sessions.values()];
  }

  activeIn(room: string): Session | undefined {
    return this.all().find((session) => session.room === room && session.active);
  }

  finish(session: Session): void {
    session.finish();
    const ended = this.all().filter(({ status }) => status === 'ended');
    for (const { id } of ended.slice(0, Math.max(0, ended.length - ENDED_KEPT))) this.#sessions.delete(id);
    if (!this.#anyEnding()) for (const wake of this.#waiting) wake();
  }

  /** Resolves when no session is on its way to its end, or after the deadline. */
  async allOver(deadlineMs: number): Promise<void> {
    if (!this.#anyEnding()) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, deadlineMs);
      this.#waiting.add(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  #anyEnding(): boolean {
    return this.all().some(({ status }) => status === 'ending');
  }
}
