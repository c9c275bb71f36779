import { Injectable } from '@nestjs/common';
import { Presence } from './presence.port.js';
import { SessionsService } from './sessions.service.js';

/** Presence by the attendance of live sessions. */
@Injectable()
export class AttendancePresence extends Presence {
  constructor(private readonly sessions: SessionsService) {
    super();
  }

  override async isInRoom(sessionId: string, identity: string): Promise<boolean> {
    const session = this.sessions.find(sessionId);
    if (session === undefined) return false;
    if (session.attendance.isPresent(identity)) return true;
    await this.sessions.lookForNewcomers(session);
    return session.attendance.isPresent(identity);
  }
}
