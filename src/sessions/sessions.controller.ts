import { Body, Controller, Get, Inject, Post, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import type { Counter } from 'prom-client';
import { z } from 'zod';
import { speechConfig, type SpeechConfig } from '../config/namespaces.js';
import { CurrentSession, Grants, RequiresGrant, RequiresToken } from '../http/access.js';
import { ApiProblem, Returns } from '../http/api-docs.js';
import { LINK_DESCRIPTION, linkNext } from '../http/pagination.js';
import { ProblemException } from '../http/problem.exception.js';
import type { RoomGrants } from '../livekit/room-access.js';
import { Metrics } from '../metrics/metrics.js';
import { Drain } from './drain.port.js';
import { Overload } from './overload.port.js';
import { SessionList } from './session-list.js';
import {
  sessionListQuerySchema,
  sessionRequestSchema,
  sessionSummarySchema,
  type SessionListQuery,
  type SessionRequest,
  type SessionSummary,
} from './session-request.js';
import { sessionViewSchema, type SessionView } from './session-view.js';
import { SessionViews } from './session-views.js';
import type { Session } from './session.js';
import { SessionsService } from './sessions.service.js';

const RETRY_AFTER_S = 10;

@ApiTags('sessions')
@Controller('sessions')
export class SessionsController {
  readonly #refused: Counter;

  constructor(
    @Inject(speechConfig.KEY) private readonly speech: SpeechConfig,
    private readonly sessions: SessionsService,
    private readonly list: SessionList,
    private readonly views: SessionViews,
    private readonly drain: Drain,
    private readonly overload: Overload,
    metrics: Metrics,
  ) {
    this.#refused = metrics.counter('sessions_refused_total', 'requests for a session that the load did not allow');
  }

  @Post()
  @RequiresGrant('start', { roomOf: 'body' })
  @ApiOperation({ summary: 'Make a session for a room, or get the one that the room has' })
  @Returns(sessionSummarySchema, { status: 201, description: 'The session of the room' })
  @ApiProblem('too_busy', 'draining')
  createSession(@Body({ schema: sessionRequestSchema }) request: SessionRequest): SessionSummary {
    const { room, languages, translation, options, source } = request;
    this.#assertAllowed(request);
    this.#assertAccepting(this.sessions.lastIn(room)?.active !== true);
    const wishes = {
      ...options,
      ...(languages && { spoken: languages }),
      ...(translation && { translateTo: translation }),
    };
    return summary(this.sessions.create(room, wishes, source));
  }

  @Post(':id/live')
  @RequiresGrant('start')
  @ApiOperation({ summary: 'Start transcribing; idempotent' })
  @Returns(sessionSummarySchema, { status: 202, description: 'It is live' })
  @ApiProblem('session_ended', 'too_busy', 'draining')
  startSession(@CurrentSession() session: Session): SessionSummary {
    if (session.status === 'ending' || session.status === 'ended') {
      throw new ProblemException('session_ended', 'the session has ended: make a new one with POST /sessions');
    }
    this.#assertAccepting(session.status === 'created');
    this.sessions.goLive(session);
    return summary(session);
  }

  @Post(':id/end')
  @RequiresGrant('control')
  @ApiOperation({ summary: 'Stop transcribing; what was said is still delivered; idempotent' })
  @Returns(sessionSummarySchema, { status: 202, description: 'It is ending, or has ended' })
  endSession(@CurrentSession() session: Session): SessionSummary {
    this.sessions.end(session, 'api');
    return summary(session);
  }

  @Get()
  @RequiresToken()
  @ApiOperation({ summary: 'The sessions of the rooms that the token may read, oldest first' })
  @Returns(z.array(sessionViewSchema), { description: 'One page of them', headers: { Link: LINK_DESCRIPTION } })
  async listSessions(
    @Grants() grants: RoomGrants,
    @Query({ schema: sessionListQuerySchema }) query: SessionListQuery,
    @Res({ passthrough: true }) response: Response,
  ): Promise<SessionView[]> {
    const { sessions, next } = await this.list.page(query, grants.visibleRooms);
    if (next !== undefined) linkNext(response, { ...query, cursor: `${next.createdAtMs}.${next.id}` });
    return sessions.map((session) => this.views.entry(session));
  }

  @Get(':id')
  @RequiresGrant('view')
  @ApiOperation({
    summary: 'Status, the state of each track, of Gladia, and counters; insights for who may read the session',
  })
  @Returns(sessionViewSchema, { description: 'The session' })
  getSession(@CurrentSession() session: Session, @Grants() grants: RoomGrants): Promise<SessionView> {
    return this.views.view(session, grants);
  }

  /** @throws ProblemException 403 where the operator decides an option alone */
  #assertAllowed({ languages, translation, options = {} }: SessionRequest): void {
    const asked = [
      ...(languages ? [{ name: 'spoken', path: 'languages' }] : []),
      ...(translation ? [{ name: 'translateTo', path: 'translation' }] : []),
      ...Object.keys(options).map((name) => ({ name, path: `options.${name}` })),
    ];
    const errors = asked
      .filter(({ name }) => !this.speech.optionsAllowed.some((allowed) => allowed === name))
      .map(({ path }) => ({ path, message: 'is decided by the operator (OPTIONS_ALLOWED)' }));
    if (errors.length > 0)
      throw new ProblemException('forbidden', 'the operator does not allow these options', { errors });
  }

  /** @param adds whether the request adds a session @throws ProblemException 503 */
  #assertAccepting(adds: boolean): void {
    if (this.drain.draining) throw new ProblemException('draining', 'shutting down: ask another replica');
    if (!adds || !this.overload.overloaded) return;
    this.#refused.inc();
    const detail = `too busy for more sessions: try again in ${RETRY_AFTER_S} s or elsewhere`;
    throw new ProblemException('too_busy', detail, { headers: { 'Retry-After': String(RETRY_AFTER_S) } });
  }
}

const summary = ({ id, room, status }: Session): SessionSummary => ({ id, room, status });
