import { Controller, Get, Param } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { Grants, RequiresGrant } from '../http/access.js';
import { ApiProblem, Returns } from '../http/api-docs.js';
import { ProblemException } from '../http/problem.exception.js';
import type { RoomGrants } from '../livekit/room-access.js';
import { SessionViews } from './session-views.js';
import { sessionViewSchema, type SessionView } from './session-view.js';
import { SessionsService } from './sessions.service.js';

@ApiTags('sessions')
@Controller('rooms')
export class RoomsController {
  constructor(
    private readonly sessions: SessionsService,
    private readonly views: SessionViews,
  ) {}

  @Get(':room/session')
  @RequiresGrant('view', { roomOf: 'path' })
  @ApiOperation({ summary: 'The session that the room has now: created, live or ending' })
  @ApiParam({
    name: 'room',
    description: 'The name of a LiveKit room',
    schema: { type: 'string' },
    example: 'team-standup',
  })
  @Returns(sessionViewSchema, { description: 'As `GET /sessions/{id}` shows it' })
  @ApiProblem('no_session')
  getRunningSession(@Param('room') room: string, @Grants() grants: RoomGrants): Promise<SessionView> {
    const session = this.sessions.lastIn(room);
    if (session === undefined || session.status === 'ended')
      throw new ProblemException('no_session', 'the room has no session now: make one with POST /sessions');
    return this.views.view(session, grants);
  }
}
