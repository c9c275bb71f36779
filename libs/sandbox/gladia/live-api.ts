import type { Faults } from './faults.js';
import { errorReply, type HttpReply, type HttpRequest } from './http-server.js';
import type { GladiaSandboxOptions } from './options.js';
import type { Lexicon } from './recogniser/lexicon.js';
import { resultOf, statusOf } from './result.js';
import { sessionRequest, validationErrors } from './session-request.js';
import type { SessionStore } from './session-store.js';
import { GladiaSession } from './session.js';

const invalid = 'Invalid parameter(s). See validation_errors for more details.';
const metadataLimit = 100_000;

/** The service's HTTP routes under `/v2/live`. */
export class LiveApi {
  constructor(
    private readonly options: GladiaSandboxOptions,
    private readonly faults: Faults,
    private readonly store: SessionStore,
    private readonly lexicon: Lexicon,
  ) {}

  handle(request: HttpRequest): HttpReply | 'hang' | 'reset' {
    const [, version, live, id, file, ...rest] = request.path.split('/');
    if (version !== 'v2' || live !== 'live' || rest.length > 0) return noRoute(request);
    const fault = this.#fault(request.method, id);
    if (fault === 'create-and-hang') {
      this.#onAll(request);
      return 'hang';
    }
    if (fault) return typeof fault === 'object' ? { ...faultReply(request, fault.status), ...fault } : fault;
    if (!id) return this.#onAll(request);
    return this.#onOne(request, id, file);
  }

  #fault(method: string, id: string | undefined): ReturnType<Faults['posts']['shift']> {
    if (method === 'POST' && !id) return this.faults.posts.shift();
    if (method === 'GET' && id) return this.faults.gets.shift();
    return method === 'DELETE' && id ? this.faults.deletes.shift() : undefined;
  }

  #onAll(request: HttpRequest): HttpReply {
    if (request.method !== 'POST' && request.method !== 'GET') return noRoute(request);
    const { key } = request;
    if (!this.#mayCall(key)) return this.#unauthorized(request);
    return request.method === 'POST' ? this.#create(request, key) : listReply(request, this.store.all, key);
  }

  #onOne(request: HttpRequest, id: string, part: string | undefined): HttpReply {
    const isKnownRoute = part === undefined ? ['GET', 'DELETE', 'PATCH'] : part === 'file' ? ['GET'] : [];
    if (!isKnownRoute.includes(request.method)) return noRoute(request);
    if (!this.#mayCall(request.key)) return this.#unauthorized(request);
    const session = this.store.find(id, request.key);
    if (!session || this.#isMissing(session)) return errorReply(request.path, 404, 'Not found');
    if (part)
      return session.isEnded
        ? { status: 200, body: session.intake.toWav() }
        : errorReply(request.path, 404, 'Not found');
    if (request.method === 'GET') return { status: 200, body: resultOf(session) };
    return request.method === 'PATCH' ? patch(request) : this.#delete(request, session);
  }

  #mayCall(key: string | undefined): key is string {
    return key !== undefined && (this.options.apiKeys?.includes(key) ?? true);
  }

  #unauthorized({ path, key }: HttpRequest): HttpReply {
    return errorReply(path, 401, key === undefined ? 'no gladia key provided' : 'gladia user not found');
  }

  #create(request: HttpRequest, key: string): HttpReply {
    const region = request.query.get('region');
    const body = sessionRequest.safeParse(request.body ?? {});
    const errors = [
      ...(body.success ? [] : validationErrors(body.error)),
      ...(region === null || ['eu-west', 'us-west'].includes(region)
        ? []
        : ['region must be one of: eu-west, us-west']),
    ];
    if (!body.success || errors.length > 0)
      return errorReply(request.path, 400, invalid, { validation_errors: errors });
    if (this.store.isFull(key)) return this.#tooMany(request);
    const session = new GladiaSession(key, body.data, this.options, this.lexicon);
    this.store.add(session);
    const path = `/v2/live?token=${session.token}`;
    const host = this.options.sessionUrl === 'elsewhere' ? 'elsewhere.test' : request.host;
    const url = this.options.sessionUrl === 'relative' ? path : `ws://${host}${path}`;
    return { status: 201, body: { id: session.id, created_at: session.createdAt.toISOString(), url } };
  }

  #tooMany(request: HttpRequest): HttpReply {
    const { retryAfter } = this.options;
    const reply = errorReply(request.path, 429, 'Maximum number of concurrent sessions reached');
    return retryAfter === undefined ? reply : { ...reply, headers: { 'retry-after': String(retryAfter) } };
  }

  #isMissing({ endedAt }: GladiaSession): boolean {
    return endedAt !== undefined && Date.now() - endedAt.getTime() < this.options.resultMissingMs;
  }

  #delete(request: HttpRequest, session: GladiaSession): HttpReply {
    if (session.state !== 'done')
      return errorReply(request.path, 403, 'This job cannot be deleted in its current state');
    this.store.remove(session);
    return { status: 202 };
  }
}

function patch(request: HttpRequest): HttpReply {
  const isTooLarge = JSON.stringify(request.body ?? {}).length > metadataLimit;
  return isTooLarge ? errorReply(request.path, 413, 'Metadata too large') : { status: 204 };
}

const noRoute = ({ method, path }: HttpRequest): HttpReply => errorReply(path, 404, `Cannot ${method} ${path}`);

const faultReply = ({ path }: HttpRequest, status: number): HttpReply =>
  errorReply(path, status, `Sandbox fault ${status}`);

/** `GET /v2/live`: the key's sessions, newest first, in pages. */
function listReply(request: HttpRequest, sessions: readonly GladiaSession[], key: string): HttpReply {
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
