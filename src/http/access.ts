import { applyDecorators, createParamDecorator, SetMetadata, type ExecutionContext } from '@nestjs/common';
import { ApiBearerAuth, ApiParam } from '@nestjs/swagger';
import type { Request } from 'express';
import type { RoomGrant, RoomGrants } from '../livekit/room-access.js';
import type { SessionEntry } from '../sessions/session-directory.port.js';
import { ApiProblem, EXAMPLE_SESSION_ID } from './api-docs.js';

export const ROUTE_ACCESS = 'roomscribe:route-access';

/** Where the request names the room: by the session `:id` of the path, as `:room` of the path, or in its body. */
type RoomSource = 'session' | 'path' | 'body';

/** Who may call a route. Without one, nobody may. */
export type RouteAccess =
  | { readonly needs: 'nothing' }
  | { readonly needs: 'token' }
  | { readonly needs: RoomGrant; readonly roomOf: RoomSource; readonly takesTicket?: boolean };

/** A request that the guard has let in. */
export interface AdmittedRequest extends Request {
  grants?: RoomGrants;
  session?: SessionEntry;
}

/** Anybody may call the route. */
export const Public = () => SetMetadata(ROUTE_ACCESS, { needs: 'nothing' } satisfies RouteAccess);

/** Whoever has a good token may call the route; its handler gives out only what the `@Grants()` allow. */
export const RequiresToken = () =>
  applyDecorators(
    SetMetadata(ROUTE_ACCESS, { needs: 'token' } satisfies RouteAccess),
    ApiBearerAuth(),
    ApiProblem('unauthorized', 'too_many_requests'),
  );

interface GrantOptions {
  readonly roomOf?: RoomSource;
  /** Whether `?ticket=` may stand in for the access token. */
  readonly takesTicket?: boolean;
}

/**
 * The route needs this grant in a room: that of the session of `:id`, which the handler gets by `@CurrentSession()`, or
 * the one that the path or the body names. For `read` the caller must have ReadingRights in the session, too.
 */
export function RequiresGrant(needs: RoomGrant, { roomOf = 'session', takesTicket = false }: GrantOptions = {}) {
  const access = [
    SetMetadata(ROUTE_ACCESS, { needs, roomOf, takesTicket } satisfies RouteAccess),
    ApiBearerAuth(),
    ApiProblem('unauthorized', 'forbidden', 'too_many_requests'),
  ];
  const ofSession = [
    ApiParam({
      name: 'id',
      description: 'The id of a session',
      schema: { type: 'string' },
      example: EXAMPLE_SESSION_ID,
    }),
    ApiProblem('not_found', 'database_unavailable'),
  ];
  return applyDecorators(...access, ...(roomOf === 'session' ? ofSession : []));
}

const admitted = (context: ExecutionContext): AdmittedRequest => context.switchToHttp().getRequest<AdmittedRequest>();

/** What the caller's token allows: a `RoomGrants`. */
export const Grants = createParamDecorator((_: undefined, context) => admitted(context).grants);

/** The session of `:id`, as the session directory knows it. */
export const CurrentSession = createParamDecorator((_: undefined, context) => admitted(context).session);
