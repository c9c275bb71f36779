import type { IncomingMessage, ServerResponse } from 'node:http';
import type { VideoGrant } from 'livekit-server-sdk';
import { ZodError } from 'zod';
import { RefusedToken, type BearerAuth } from './bearer-auth.js';
import { readBody, sendJson, sendText } from './http-body.js';
import { LostAnswer, TwirpError } from './twirp-error.js';

/** Answers one call with the JSON form of its protobuf message; throws `TwirpError`. */
export type TwirpMethod = (body: unknown, grants: VideoGrant) => object | Promise<object>;
export type TwirpService = Readonly<Record<string, TwirpMethod>>;

const PATH = /^\/twirp\/livekit\.(\w+)\/(\w+)$/;

/** `POST /twirp/livekit.{Service}/{Method}` with JSON in and out. */
export class TwirpRouter {
  constructor(
    private readonly auth: BearerAuth,
    private readonly services: Readonly<Record<string, TwirpService>>,
  ) {}

  /** Whether the request is for one of our services, known method or not. */
  serves(request: IncomingMessage): boolean {
    const service = PATH.exec(request.url ?? '')?.[1];
    return service !== undefined && Object.hasOwn(this.services, service);
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const grants = await this.auth.grantsOf(request.headers.authorization);
      const method = this.#methodOf(request);
      sendJson(response, 200, await method(parseJson(await readBody(request)), grants));
    } catch (error) {
      answerError(response, error);
    }
  }

  #methodOf(request: IncomingMessage): TwirpMethod {
    const [, service = '', method = ''] = PATH.exec(request.url ?? '') ?? [];
    const known = Object.hasOwn(this.services, service) ? this.services[service]?.[method] : undefined;
    if (known === undefined || request.method !== 'POST') {
      throw new TwirpError('bad_route', `no handler for path "${request.url}"`);
    }
    return known;
  }
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8')) as unknown;
  } catch {
    throw new TwirpError('malformed', 'the json request could not be decoded');
  }
}

function answerError(response: ServerResponse, error: unknown): void {
  if (error instanceof LostAnswer) {
    response.destroy();
    return;
  }
  if (error instanceof RefusedToken) {
    sendText(response, 401, error.message);
    return;
  }
  sendTwirpError(response, error instanceof ZodError ? new TwirpError('malformed', error.message) : error);
}

function sendTwirpError(response: ServerResponse, error: unknown): void {
  const answer = error instanceof TwirpError ? error : new TwirpError('internal', String(error));
  sendJson(response, answer.status, answer);
}
