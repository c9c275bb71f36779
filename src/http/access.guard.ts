import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { RoomAccess } from '../livekit/room-access.js';
import { SessionDirectory, type SessionEntry } from '../sessions/session-directory.port.js';
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
  ) {}

  /** @throws ProblemException `unauthorized`, `forbidden`, `not_found`, `database_unavailable` */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const targets = [context.getHandler(), context.getClass()];
    const route = this.reflector.getAllAndOverride<RouteAccess | undefined>(ROUTE_ACCESS, targets);
    if (route === undefined) throw new ProblemException('forbidden', 'this path is open to nobody');
    if (route.needs === 'nothing') return true;
    const request = context.switchToHttp().getRequest<AdmittedRequest>();
    request.grants = await this.access.grants(request.headers.authorization);
    if (route.needs === 'token') return true;
    if (route.roomOf === 'session') request.session = await this.#session(request.params['id']);
    const room = request.session?.room ?? roomIn(request.body);
    // A body without a room is refused by its schema, which says what is wrong with it.
    if (room !== undefined) request.grants.assert(route.needs, room);
    return true;
  }

  async #session(id: unknown): Promise<SessionEntry> {
    const session = typeof id === 'string' && SESSION_ID.test(id) ? await this.#lookUp(id) : undefined;
    if (session === undefined) throw new ProblemException('not_found', 'no such session');
    return session;
  }

  #lookUp(id: string): Promise<SessionEntry | undefined> {
    return this.directory.lookUp(id).catch((cause: unknown) => {
      throw new ProblemException('database_unavailable', 'the database does not answer: ask again later', { cause });
    });
  }
}

function roomIn(body: unknown): string | undefined {
  const room = typeof body === 'object' && body !== null && 'room' in body ? body.room : undefined;
  return typeof room === 'string' ? room : undefined;
}
