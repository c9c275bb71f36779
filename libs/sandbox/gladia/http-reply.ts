import { randomUUID } from 'node:crypto';
import { requestIdOf } from './result.js';

/** An answer; the body is bytes, HTML (a string), JSON (anything else) or nothing. */
export interface HttpReply {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

/** An answer that says what went wrong, in the service's envelope. */
export function errorReply(path: string, status: number, message: string, more: object = {}): HttpReply {
  const timestamp = new Date().toISOString();
  const body = { timestamp, path, request_id: requestIdOf(randomUUID()), statusCode: status, message, ...more };
  return { status, body };
}
