import { Inject, Injectable } from '@nestjs/common';
import { sessionsConfig, type SessionsConfig } from '../config/namespaces.js';
import type { RoomGrants } from '../livekit/room-access.js';
import type { Visit } from './attendance.js';
import { AttendanceStore } from './attendance-store.js';
import { ReadingRights } from './reading-rights.port.js';
import type { SessionEntry } from './session-directory.port.js';
import { SessionsService } from './sessions.service.js';

/** Reading rights by LiveKit's grants and by who was in the room. */
@Injectable()
export class AttendanceReadingRights extends ReadingRights {
  constructor(
    @Inject(sessionsConfig.KEY) private readonly config: SessionsConfig,
    private readonly sessions: SessionsService,
    private readonly store: AttendanceStore,
  ) {
    super();
  }

  override async mayRead(grants: RoomGrants, session: SessionEntry): Promise<boolean> {
    const reader = grants.readerIn(session.room);
    if (reader === undefined) return false;
    if (reader.kind === 'admin') return true;
    const { endedAtUnixMs } = session;
    if (endedAtUnixMs !== undefined && this.config.readEarlier) return true;
    if (reader.kind === 'display') return endedAtUnixMs === undefined || this.#isRecent(endedAtUnixMs);
    // Nothing is said before a session is live.
    if (session.status === 'created') return true;
    const visit = await this.#visit(session, reader.identity);
    if (visit === undefined || visit.removed === true) return false;
    const leftAtUnixMs = visit.leftAtUnixMs ?? endedAtUnixMs;
    return leftAtUnixMs === undefined || this.#isRecent(leftAtUnixMs);
  }

  #isRecent(unixMs: number): boolean {
    return Date.now() - unixMs <= this.config.readAfterLeaveMs;
  }

  /** From memory; who has only just joined, from LiveKit's list; then from the database. */
  async #visit({ id }: SessionEntry, identity: string): Promise<Visit | undefined> {
    const session = this.sessions.find(id);
    const known = session?.attendance.find(identity);
    if (known !== undefined) return known;
    if (session?.status === 'live') await this.sessions.lookForNewcomers(session);
    const found = session?.attendance.find(identity);
    if (found !== undefined) return found;
    const stored = await this.store.find(id, identity);
    // Who is not in the room any more left while this service did not run.
    return stored && { leftAtUnixMs: session?.record.aliveAtMs, ...stored };
  }
}
