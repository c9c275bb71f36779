export type SessionStatus = 'created' | 'live' | 'ending' | 'ended';

export interface SessionEntry {
  readonly id: string;
  readonly room: string;
  readonly status: SessionStatus;
}

/** Which sessions there are. Provided by the sessions module, for whoever answers questions about one. */
export abstract class SessionDirectory {
  abstract find(sessionId: string): SessionEntry | undefined;
}
