import {
  Body,
  ConflictException,
  Controller,
  ForbiddenException,
  Headers,
  HttpCode,
  HttpException,
  NotFoundException,
  Param,
  Post,
  Res,
} from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { z } from 'zod';
import { RoomAccess } from '../livekit/room-access.js';
import { SessionDirectory } from '../sessions/session-directory.port.js';
import { ClientTranscriptsService } from './client-transcripts.service.js';
import type { ClientSession, Sender } from './client-session.js';
import { parseSegmentRequest, segmentRequestSchema } from './segment-request.js';

const requestSchema = z.toJSONSchema(segmentRequestSchema, { target: 'openapi-3.0' }) as Record<string, unknown>;

@ApiTags('transcripts')
@ApiBearerAuth()
@Controller('sessions/:id')
export class ClientTranscriptsController {
  constructor(
    private readonly transcripts: ClientTranscriptsService,
    private readonly directory: SessionDirectory,
    private readonly access: RoomAccess,
  ) {}

  /** Hybrid mode: whose words they are stands in the token, never in the body. */
  @Post('transcript')
  @HttpCode(202)
  @ApiOperation({ summary: 'A segment that a participant’s own browser made of what the participant said' })
  @ApiBody({ schema: requestSchema })
  @ApiResponse({ status: 202, description: '{ segmentId, status }; status is published, held or repeated' })
  @ApiResponse({ status: 400, description: 'each field that does not fit' })
  @ApiResponse({
    status: 403,
    description: 'the token has no identity, or no roomJoin and right to send data in the room',
  })
  @ApiResponse({ status: 409, description: 'the session is not live' })
  @ApiResponse({ status: 429, description: 'too many at once: wait as long as Retry-After says' })
  async take(
    @Headers('authorization') authorization: string | undefined,
    @Param('id') id: string,
    @Body() body: unknown,
    @Res({ passthrough: true }) response: Response,
  ) {
    const { session, sender } = await this.#admitted(authorization, id);
    if (!session.tryAcquire(sender)) {
      response.header('Retry-After', '1');
      throw new HttpException('too many segments at once: wait a second', 429);
    }
    const answer = session.receive(sender, parseSegmentRequest(body));
    this.transcripts.tell(id);
    return answer;
  }

  async #admitted(authorization: string | undefined, id: string): Promise<{ session: ClientSession; sender: Sender }> {
    const grants = await this.access.grants(authorization);
    const entry = this.directory.find(id);
    if (entry === undefined) throw new NotFoundException('no such session');
    grants.assertSpeaks(entry.room);
    const { identity, name } = grants;
    if (identity === undefined) throw new ForbiddenException('the token names no participant');
    const session = this.transcripts.session(id);
    if (entry.status !== 'live' || session === undefined) throw new ConflictException('the session is not live');
    return { session, sender: { identity, name } };
  }
}
