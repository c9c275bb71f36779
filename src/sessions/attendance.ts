/** That somebody was in the room of a session. */
export interface Visit {
  readonly identity: string;
  /** Unix time in milliseconds; undefined while they are in the room. */
  readonly leftAtUnixMs?: number | undefined;
  /** Whether they were removed by a moderator, rather than left. */
  readonly removed?: boolean | undefined;
}

/** A participant as LiveKit lists it. */
interface Present {
  readonly identity: string;
  /** Hidden participants are not seen by the others. */
  readonly hidden?: boolean | undefined;
}

/** Who is in the room of a session, and who left it within a time: the last visit of each identity. */
export class Attendance {
  readonly #visits = new Map<string, Visit>();

  /** @param keepLeftMs for how long who has left is remembered */
  constructor(private readonly keepLeftMs: number) {}

  find(identity: string): Visit | undefined {
    return this.#visits.get(identity);
  }

  isPresent(identity: string): boolean {
    const visit = this.#visits.get(identity);
    return visit !== undefined && visit.leftAtUnixMs === undefined;
  }

  /**
   * @param present everybody in the room now
   * @param removed identities that a moderator has removed since the last update
   * @returns the visits that have changed
   */
  update(present: readonly Present[], removed: ReadonlySet<string>, nowUnixMs: number): Visit[] {
    const identities = new Set(present.filter(({ hidden }) => hidden !== true).map(({ identity }) => identity));
    const joined = [...identities].filter((identity) => !this.isPresent(identity)).map((identity) => ({ identity }));
    const left = [...this.#visits.values()]
      .filter(({ identity, leftAtUnixMs }) => leftAtUnixMs === undefined && !identities.has(identity))
      .map(({ identity }) => ({
        identity,
        leftAtUnixMs: nowUnixMs,
        ...(removed.has(identity) && { removed: true }),
      }));
    const changed: Visit[] = [...joined, ...left];
    for (const visit of changed) this.#visits.set(visit.identity, visit);
    for (const [identity, { leftAtUnixMs = Infinity }] of this.#visits)
      if (leftAtUnixMs < nowUnixMs - this.keepLeftMs) this.#visits.delete(identity);
    return changed;
  }
}
