import { Controller, Delete, HttpCode, Param } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Grants, RequiresGrant, RequiresToken } from '../http/access.js';
import { ApiProblem, EXAMPLE_SESSION_ID, Returns } from '../http/api-docs.js';
import { databaseAnswer } from '../http/database-answer.js';
import { ProblemException } from '../http/problem.exception.js';
import type { RoomGrants } from '../livekit/room-access.js';
import { SessionDirectory } from '../sessions/session-directory.port.js';
import { ErasureService } from './erasure.service.js';

const idSchema = z.string().regex(/^[\w-]{1,64}$/, 'must be the id of a session');
const personSchema = z.object({ room: z.string().min(1).max(256), identity: z.string().min(1).max(256) });
const erasedSchema = z.object({ segments: z.int().min(0) }).meta({ id: 'ErasedPerson' });
const NOT_ERASED = 'the database does not answer, so that something may not be erased yet: ask again later';

@ApiTags('erasure')
@Controller()
export class ErasureController {
  constructor(
    private readonly erasure: ErasureService,
    private readonly directory: SessionDirectory,
  ) {}

  /** Who may control any room learns nothing by it of a session that is not there. */
  @Delete('sessions/:id')
  @HttpCode(204)
  @RequiresToken()
  @ApiOperation({ summary: 'Erase a session that has ended, with all that was said in it; idempotent' })
  @ApiParam({ name: 'id', description: 'The id of a session', schema: { type: 'string' }, example: EXAMPLE_SESSION_ID })
  @ApiResponse({ status: 204, description: 'It is erased, or there was none' })
  @ApiProblem('invalid_request', 'forbidden', 'session_live', 'database_unavailable')
  async eraseSession(@Param('id', { schema: idSchema }) id: string, @Grants() grants: RoomGrants): Promise<void> {
    const session = await databaseAnswer(this.directory.lookUp(id), NOT_ERASED);
    if (session === undefined) grants.assertControlsAny();
    else grants.assert('control', session.room);
    if (session !== undefined && session.status !== 'ended')
      throw new ProblemException('session_live', 'end the session first: POST /sessions/{id}/end');
    if (session !== undefined) await databaseAnswer(this.erasure.eraseSession(id), NOT_ERASED);
  }

  @Delete('rooms/:room/people/:identity')
  @RequiresGrant('control', { roomOf: 'path' })
  @ApiOperation({
    summary: 'Erase what a person said in all sessions of a room',
    description: 'Listeners get `{ "type": "retraction", "segmentIds" }` for what they show.',
  })
  @ApiParam({
    name: 'room',
    description: 'The name of a LiveKit room',
    schema: { type: 'string' },
    example: 'team-standup',
  })
  @ApiParam({ name: 'identity', description: 'Of the participant', schema: { type: 'string' }, example: 'alice' })
  @Returns(erasedSchema, { status: 202, description: 'How many segments were erased; the engine’s copies follow' })
  @ApiProblem('invalid_request', 'database_unavailable')
  async erasePerson(
    @Param({ schema: personSchema }) { room, identity }: z.infer<typeof personSchema>,
  ): Promise<z.infer<typeof erasedSchema>> {
    const erased = await databaseAnswer(this.erasure.erasePerson(room, identity), NOT_ERASED);
    return { segments: erased.reduce((sum, { segmentIds }) => sum + segmentIds.length, 0) };
  }
}
