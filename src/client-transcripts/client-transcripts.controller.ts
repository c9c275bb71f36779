import { Body, Controller, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentSession, Grants, RequiresGrant } from '../http/access.js';
import { ApiProblem, Returns } from '../http/api-docs.js';
import { ProblemException } from '../http/problem.exception.js';
import type { RoomGrants } from '../livekit/room-access.js';
import { Presence } from '../sessions/presence.port.js';
import type { SessionEntry } from '../sessions/session-directory.port.js';
import { ClientTranscriptsService } from './client-transcripts.service.js';
import {
  segmentAnswerSchema,
  segmentRequestSchema,
  type SegmentAnswer,
  type SegmentRequest,
} from './segment-request.js';

@ApiTags('transcripts')
@Controller('sessions/:id')
export class ClientTranscriptsController {
  constructor(
    private readonly transcripts: ClientTranscriptsService,
    private readonly presence: Presence,
  ) {}

  /** Hybrid mode. The token says which participant of the room speaks, and the room how that participant is called. */
  @Post('transcript')
  @RequiresGrant('speak')
  @ApiOperation({ summary: 'A segment that a participant’s own browser made of what the participant said' })
  @Returns(segmentAnswerSchema, { status: 202, description: 'What became of it' })
  @ApiProblem('session_not_live', 'session_ended', 'too_many_requests')
  async addSegment(
    @Grants() { identity }: RoomGrants,
    @CurrentSession() { id, status }: SessionEntry,
    @Body({ schema: segmentRequestSchema }) request: SegmentRequest,
  ): Promise<SegmentAnswer> {
    if (identity === undefined) throw new ProblemException('forbidden', 'the token names no participant');
    const session = this.transcripts.session(id);
    if (status !== 'live' || session === undefined) {
      throw new ProblemException(
        status === 'created' ? 'session_not_live' : 'session_ended',
        'the session is not live',
      );
    }
    if (!(await this.presence.isInRoom(id, identity)))
      throw new ProblemException('forbidden', 'only who is in the room may add what they said');
    if (!session.tryAcquire(identity, request)) {
      const headers = { 'Retry-After': '1' };
      throw new ProblemException('too_many_requests', 'too many segments at once: wait a second', { headers });
    }
    return session.receive(identity, request);
  }
}
