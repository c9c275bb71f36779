import {
  Body,
  ConflictException,
  Controller,
  Get,
  Headers,
  HttpCode,
  NotFoundException,
  Param,
  Post,
  Res,
  ServiceUnavailableException,
} from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import type { Counter } from 'prom-client';
import { z } from 'zod';
import { RoomAccess } from '../livekit/room-access.js';
import { Metrics } from '../metrics/metrics.js';
import { Drain } from './drain.port.js';
import { Overload } from './overload.port.js';
import { SessionReports } from './session-reports.port.js';
import { parseSessionRequest, sessionRequestSchema } from './session-request.js';
import { sessionView } from './session-view.js';
import type { Session } from './session.js';
import { SessionsService } from './sessions.service.js';

const RETRY_AFTER_S = 10;
const requestSchema = z.toJSONSchema(sessionRequestSchema, { target: 'openapi-3.0' }) as Record<string, unknown>;

@ApiTags('sessions')
@ApiBearerAuth()
@Controller('sessions')
export class SessionsController {
  readonly #refused: Counter;

  constructor(
    private readonly sessions: SessionsService,
    private readonly access: RoomAccess,
    private readonly reports: SessionReports,
    private readonly drain: Drain,
    private readonly overload: Overload,
    metrics: Metrics,
  ) {
    this.#refused = metrics.counter('sessions_refused_total', 'requests for a session that the load did not allow');
  }

  @Post()
  @ApiOperation({ summary: 'Make a session for a room, or get the one that the room has' })
  @ApiBody({ schema: requestSchema })
  @ApiResponse({ status: 201, description: '{ id, room, status }' })
  @ApiResponse({ status: 503, description: 'Too busy for more sessions, see Retry-After; or on its way out' })
  async create(
    @Headers('authorization') authorization: string | undefined,
    @Body() body: unknown,
    @Res({ passthrough: true }) response: Response,
  ) {
    const grants = await this.access.grants(authorization);
    const { room, languages, translation, options, source } = parseSessionRequest(body);
    grants.assertControls(room);
    this.#assertTakes(response, this.sessions.lastIn(room)?.active !== true);
    const wishes = {
      ...options,
      ...(languages && { spoken: languages }),
      ...(translation && { translateTo: translation }),
    };
    const { id, status } = this.sessions.create(room, wishes, source);
    return { id, room, status };
  }

  @Post(':id/live')
  @HttpCode(202)
  @ApiOperation({ summary: 'Start transcribing; idempotent' })
  @ApiResponse({ status: 503, description: 'Too busy for more sessions, see Retry-After; or on its way out' })
  async live(
    @Headers('authorization') authorization: string | undefined,
    @Param('id') id: string,
    @Res({ passthrough: true }) response: Response,
  ) {
    const session = await this.#controlled(authorization, id);
    if (session.status === 'ending' || session.status === 'ended') {
      throw new ConflictException('the session has ended: make a new one with POST /sessions');
    }
    this.#assertTakes(response, session.status === 'created');
    this.sessions.goLive(session);
    return { id, room: session.room, status: session.status };
  }

  @Post(':id/end')
  @HttpCode(202)
  @ApiOperation({ summary: 'Stop transcribing; what was said is still delivered; idempotent' })
  async end(@Headers('authorization') authorization: string | undefined, @Param('id') id: string) {
    const session = await this.#controlled(authorization, id);
    this.sessions.end(session, 'api');
    return { id, room: session.room, status: session.status };
  }

  @Get()
  @ApiOperation({ summary: 'The sessions of the rooms that the token may read' })
  async list(@Headers('authorization') authorization: string | undefined) {
    const grants = await this.access.grants(authorization);
    return this.sessions
      .list()
      .filter(({ room }) => grants.mayRead(room))
      .map((session) => sessionView(session, this.reports));
  }

  @Get(':id')
  @ApiOperation({ summary: 'Status, the state of each track, of Gladia, and counters' })
  async get(@Headers('authorization') authorization: string | undefined, @Param('id') id: string) {
    const grants = await this.access.grants(authorization);
    const session = await this.#known(id);
    grants.assertReads(session.room);
    return sessionView(session, this.reports, await this.sessions.insightsOf(session));
  }

  /** @param adds whether it would be one session more @throws ServiceUnavailableException */
  #assertTakes(response: Response, adds: boolean): void {
    if (this.drain.draining) throw new ServiceUnavailableException('shutting down: ask another replica');
    if (!adds || !this.overload.overloaded) return;
    this.#refused.inc();
    response.setHeader('Retry-After', RETRY_AFTER_S);
    throw new ServiceUnavailableException(`too busy for more sessions: try again in ${RETRY_AFTER_S} s or elsewhere`);
  }

  async #controlled(authorization: string | undefined, id: string): Promise<Session> {
    const grants = await this.access.grants(authorization);
    const session = await this.#known(id);
    grants.assertControls(session.room);
    return session;
  }

  async #known(id: string): Promise<Session> {
    const session = await this.sessions.lookUp(id);
    if (session === undefined) throw new NotFoundException('no such session');
    return session;
  }
}
