import type { GladiaSandboxOptions } from './options.js';
import type { GladiaSession } from './session.js';

/** All sessions, oldest first. */
export class SessionStore {
  readonly #sessions = new Map<string, GladiaSession>();

  constructor(private readonly options: GladiaSandboxOptions) {}

  get all(): GladiaSession[] {
    return [...this.#sessions.values()];
  }

  add(session: GladiaSession): void {
    this.#sessions.set(session.id, session);
  }

  /** A session of this key; another key's is not found. */
  find(id: string, key: string): GladiaSession | undefined {
    const session = this.#sessions.get(id);
    return session?.key === key ? session : undefined;
  }

  byToken(token: string | null): GladiaSession | undefined {
    return this.all.find((session) => session.token === token);
  }

  remove(session: GladiaSession): void {
    session.close();
    this.#sessions.delete(session.id);
  }

  /** Whether the key may not have another session. */
  isFull(key: string): boolean {
    const { slotFrom, maxSessions, slotLingersMs } = this.options;
    const isOver = ({ endedAt }: GladiaSession): boolean =>
      endedAt !== undefined && Date.now() - endedAt.getTime() >= slotLingersMs;
    const holds = (session: GladiaSession): boolean =>
      session.key === key && !isOver(session) && (slotFrom === 'post' || session.connections > 0);
    return this.all.filter(holds).length >= maxSessions;
  }

  close(): void {
    for (const session of this.all) session.close();
  }
}
