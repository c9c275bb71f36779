export type SessionStatus = 'created' | 'live' | 'ending' | 'ended';

export interface SessionEntry {
  readonly id: string;
  readonly room: string;
  readonly status: SessionStatus;
  /** Unix time of session time 0, in milliseconds; undefined before that. */
  readonly liveAtUnixMs?: number | undefined;
  /** Unix time in milliseconds; undefined before its end. */
  readonly endedAtUnixMs?: number | undefined;
}

/** Finds sessions by id. Provided by the sessions module. */
export abstract class SessionDirectory {
  /** Among the sessions in memory: those that have not ended, and the last that have. */
  abstract find(sessionId: string): SessionEntry | undefined;

  /** Also among those in the database. Rejects when the database cannot be asked. */
  abstract lookUp(sessionId: string): Promise<SessionEntry | undefined>;
}
