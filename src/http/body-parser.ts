import { json, type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { IncomingMessage } from 'node:http';
import { LiveKitWebhooks } from '../livekit/livekit-webhooks.js';
import { RoomAccess } from '../livekit/room-access.js';
import { problem, PROBLEM_TYPE } from './problem.js';
import { JSON_TYPES } from './request-check.interceptor.js';

const WEBHOOK_PATH = '/livekit/webhook';
/** A webhook carries the metadata of a room and of a participant, 512 KiB each, and longer in JSON. */
const WEBHOOK_LIMIT = '4mb';
const LIMIT = '100kb';

type WithRawBody = IncomingMessage & { rawBody?: Buffer };

/**
 * Reads the bodies of requests, and only of those whose token is good: a body that never comes keeps a socket, and nobody
 * without a token may keep one.
 */
export function parseBodies(app: NestExpressApplication): void {
  const verify = (request: WithRawBody, _: unknown, body: Buffer): void => void (request.rawBody = body);
  app.use(authenticated(app.get(RoomAccess), app.get(LiveKitWebhooks)));
  app.use(WEBHOOK_PATH, json({ type: JSON_TYPES, limit: WEBHOOK_LIMIT, verify }));
  app.use(json({ type: JSON_TYPES, limit: LIMIT, verify }));
}

function authenticated(access: RoomAccess, webhooks: LiveKitWebhooks): RequestHandler {
  return (request: Request, response: Response, next: NextFunction): void => {
    if (!hasBody(request)) {
      next();
      return;
    }
    access.verify(request.headers.authorization).then(
      () => next(),
      (error: unknown) => {
        if (request.path === WEBHOOK_PATH) webhooks.refused(error);
        refuse(response);
      },
    );
  };
}

const hasBody = ({ headers }: Request): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

/** The body is not waited for, so the connection cannot be used again. */
function refuse(response: Response): void {
  const body = problem(
    401,
    'unauthorized',
    'the token in Authorization is missing, expired, or signed with another key',
  );
  response.status(401).type(PROBLEM_TYPE).set({ 'WWW-Authenticate': 'Bearer', Connection: 'close' });
  response.once('finish', () => response.socket?.destroySoon()).send(JSON.stringify(body));
}
