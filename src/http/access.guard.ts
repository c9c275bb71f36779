import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AccessTickets } from '../livekit/access-tickets.js';
import { RoomAccess, type RoomGrants } from '../livekit/room-access.js';
import { SessionDirectory, type SessionEntry } from '../sessions/session-directory.port.js';
import { ReadingRights } from '../sessions/reading-rights.port.js';
import { RequestLimits } from './request-limits.js';
import { databaseAnswer } from './database-answer.js';
import { ROUTE_ACCESS, type AdmittedRequest, type RouteAccess } from './access.js';
import { ProblemException } from './problem.exception.js';

const SESSION_ID = /^[\w-]{1,64}$/;

/**
 * Lets a request in when its token grants what the route asks for, and finds the session that the path names. A route
 * that says nothing about its callers has none.
 */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly access: RoomAccess,
    private readonly directory: SessionDirectory,
    private readonly rights: ReadingRights,
    private readonly tickets: AccessTickets,
    private readonly limits: RequestLimits,
  ) {}

  /** @throws ProblemException `unauthorized`, `forbidden`, `not_found`, `database_unavailable` */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const targets = [context.getHandler(), context.getClass()];
    const route = this.reflector.getAllAndOverride<RouteAccess | undefined>(ROUTE_ACCESS, targets);
    if (route === undefined) throw new ProblemException('forbidden', 'this path is open to nobody');
    if (route.needs === 'nothing') return true;
    const request = context.switchToHttp().getRequest<AdmittedRequest>();
    request.grants = await this.#grants(request, route);
    this.#assertWithinLimits(request.grants, route.needs === 'read');
    if (route.needs === 'token') return true;
    if (route.roomOf === 'session') request.session = await this.#session(request.params['id']);
    const room = request.session?.room ?? roomIn(route.roomOf === 'path' ? request.params : request.body);
    // A body without a room is refused by its schema, which says what is wrong with it.
    if (room !== undefined) request.grants.assert(route.needs, room);
    if (route.needs === 'read' && request.session !== undefined)
      await this.#assertReads(request.grants, request.session);
    return true;
  }

  #assertWithinLimits(grants: RoomGrants, reads: boolean): void {
    if (this.limits.tryAcquire(grants.caller, reads)) return;
    const headers = { 'Retry-After': '1' };
    throw new ProblemException('too_many_requests', 'too many requests with this token: wait a second', { headers });
  }

  #grants({ headers, query, params }: AdmittedRequest, route: RouteAccess): Promise<RoomGrants> | RoomGrants {
    const takesTicket = 'takesTicket' in route && route.takesTicket;
    if (!takesTicket || typeof query['ticket'] !== 'string') return this.access.grants(headers.authorization);
    const grants = this.tickets.redeem(query['ticket'], String(params['id']));
    if (grants !== undefined) return grants;
    throw new ProblemException(
      'unauthorized',
      'the ticket was used, has expired, or is for another session: get a new one',
    );
  }

  async #assertReads(grants: RoomGrants, session: SessionEntry): Promise<void> {
    if (!(await databaseAnswer(this.rights.mayRead(grants, session))))
      throw new ProblemException('forbidden', 'only who was in this session, not long ago, may read it');
  }

  async #session(id: unknown): Promise<SessionEntry> {
    const session =
      typeof id === 'string' && SESSION_ID.test(id) ? await databaseAnswer(this.directory.lookUp(id)) : undefined;
    if (session === undefined) throw new ProblemException('not_found', 'no such session');
    return session;
  }
}

function roomIn(part: unknown): string | undefined {
  const room = typeof part === 'object' && part !== null && 'room' in part ? part.room : undefined;
  return typeof room === 'string' ? room : undefined;
}
