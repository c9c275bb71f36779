import { Injectable } from '@nestjs/common';
import type { RoomGrants } from '../livekit/room-access.js';
import { ReadingRights } from './reading-rights.port.js';
import { SessionReportReader } from './session-report-reader.js';
import { sessionView, type SessionView } from './session-view.js';
import type { Session } from './session.js';
import { SessionsService } from './sessions.service.js';

/** Shows sessions to callers of the API, each as much as the caller may see. */
@Injectable()
export class SessionViews {
  constructor(
    private readonly sessions: SessionsService,
    private readonly reports: SessionReportReader,
    private readonly rights: ReadingRights,
  ) {}

  /** With the insights of its words, for who may read it. */
  async view(session: Session, grants: RoomGrants): Promise<SessionView> {
    const mayRead = await this.rights.mayRead(grants, session).catch(() => false);
    const insights = mayRead ? await this.sessions.insightsOf(session) : undefined;
    return sessionView(session, this.reports, { insights, withText: mayRead });
  }

  /** As an entry of a list: without what tells what was said. */
  entry(session: Session): SessionView {
    return sessionView(session, this.reports, { withText: false });
  }
}
