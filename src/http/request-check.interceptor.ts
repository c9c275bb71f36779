import { Injectable, SetMetadata, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';
import type { Observable } from 'rxjs';
import { ProblemException } from './problem.exception.js';

/** LiveKit sends its webhooks as the second. */
export const JSON_TYPES = ['application/json', 'application/webhook+json'];

const ANY_QUERY = 'roomscribe:any-query';

/** A route that takes no query parameters refuses none either: others put theirs on its address. */
export const AnyQuery = () => SetMetadata(ANY_QUERY, true);

/** Refuses what no schema sees: a body that was not parsed for its content type, and a query that nobody reads. */
@Injectable()
export class RequestCheckInterceptor implements NestInterceptor {
  constructor(private readonly reflector: Reflector) {}

  /** @throws ProblemException `unsupported_media_type`, `invalid_request` */
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<Request>();
    if (takes(context, RouteParamtypes.BODY)) assertJson(request);
    const targets = [context.getHandler(), context.getClass()];
    const isFree = this.reflector.getAllAndOverride<boolean | undefined>(ANY_QUERY, targets) === true;
    if (!isFree && !takes(context, RouteParamtypes.QUERY)) assertNoQuery(request);
    return next.handle();
  }
}

/** @throws ProblemException 415 when there is a body that is no JSON */
export function assertJson(request: Request): void {
  if (request.is(JSON_TYPES) === false)
    throw new ProblemException('unsupported_media_type', 'send JSON with Content-Type: application/json');
}

function assertNoQuery({ query }: Request): void {
  const errors = Object.keys(query).map((path) => ({ path, message: 'is no parameter of this path' }));
  if (errors.length > 0) throw new ProblemException('invalid_request', 'the query does not fit', { errors });
}

/** Whether the route's handler has such a parameter; Nest keeps them as `{type}:{index}`. */
function takes(context: ExecutionContext, type: RouteParamtypes): boolean {
  const parameters: unknown = Reflect.getMetadata(ROUTE_ARGS_METADATA, context.getClass(), context.getHandler().name);
  return Object.keys(parameters ?? {}).some((key) => key.startsWith(`${type}:`));
}
