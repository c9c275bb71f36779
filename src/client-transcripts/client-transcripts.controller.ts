import { Body, Controller, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentSession, Grants, RequiresGrant } from '../http/access.js';
import { ApiProblem, Returns } from '../http/api-docs.js';
import { ProblemException } from '../http/problem.exception.js';
import type { RoomGrants } from '../livekit/room-access.js';
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
  constructor(private readonly transcripts: ClientTranscriptsService) {}

  /** Hybrid mode. The token names the participant who speaks, never the body. */
  @Post('transcript')
  @RequiresGrant('speak')
  @ApiOperation({ summary: 'A segment that a participant’s own browser made of what the participant said' })
  @Returns(segmentAnswerSchema, { status: 202, description: 'What became of it' })
  @ApiProblem('session_not_live', 'session_ended', 'too_many_requests')
  addSegment(
    @Grants() { identity, name }: RoomGrants,
    @CurrentSession() { id, status }: SessionEntry,
    @Body({ schema: segmentRequestSchema }) request: SegmentRequest,
  ): SegmentAnswer {
    if (identity === undefined) throw new ProblemException('forbidden', 'the token names no participant');
    const session = this.transcripts.session(id);
    if (status !== 'live' || session === undefined) {
      throw new ProblemException(
        status === 'created' ? 'session_not_live' : 'session_ended',
        'the session is not live',
      );
    }
    const sender = { identity, name };
    if (!session.tryAcquire(sender)) {
      const headers = { 'Retry-After': '1' };
      throw new ProblemException('too_many_requests', 'too many segments at once: wait a second', { headers });
    }
    return session.receive(sender, request);
  }
}
