import { errorReply, type HttpReply } from './http-reply.js';
import type { HttpRequest } from './http-server.js';
import { resultOf, statusOf } from './result.js';
import type { GladiaSession } from './session.js';

/** `GET /v2/live`: the key's sessions, newest first, in pages. */
export function listReply(request: HttpRequest, sessions: readonly GladiaSession[], key: string): HttpReply {
  const { query, path, host } = request;
  const offset = Number(query.get('offset') ?? 0);
  const limit = Number(query.get('limit') ?? 20);
  if (!(offset >= 0) || !(limit >= 1))
    return errorReply(path, 400, 'Invalid parameter(s). See validation_errors for more details.');
  const wanted = query.getAll('status');
  const found = sessions
    .filter((session) => session.key === key && (wanted.length === 0 || wanted.includes(statusOf(session))))
    .reverse();
  const page = (at: number): string => `http://${host}${path}?offset=${at}&limit=${limit}`;
  const next = offset + limit < found.length ? page(offset + limit) : null;
  const items = found.slice(offset, offset + limit).map(resultOf);
  return { status: 200, body: { first: page(0), current: page(offset), next, items } };
}
