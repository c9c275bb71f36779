export type SessionStatus = 'created' | 'live' | 'ending' | 'ended';

export interface SessionEntry {
  readonly id: string;
  readonly room: string;
  readonly status: SessionStatus;
}

/** Which sessions there are. Provided by the sessions module, for whoever answers questions about one. */
export abstract class SessionDirectory {
  /** Among those that are not over, and the last that are. */
  abstract find(sessionId: string): SessionEntry | undefined;

  /** Among all that are kept, however long ago they ended. Rejects when the database cannot be asked. */
  abstract lookUp(sessionId: string): Promise<SessionEntry | undefined>;
}
