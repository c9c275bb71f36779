import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { requestIdOf } from './result.js';

/** A request with its body read. */
export interface HttpRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly key: string | undefined;
  /** Parsed JSON; undefined when there is none. */
  readonly body: unknown;
  readonly host: string;
}

/** Answers a request, or does something else to its connection. */
export type HttpHandler = (request: HttpRequest) => HttpReply | 'hang' | 'reset';

const bodyLimitBytes = 1_000_000;
const cors = {
  'access-control-allow-origin': '*',
  'access-control-allow-headers': '*',
  'access-control-allow-methods': '*',
};

/** An HTTP server around one handler. */
export function httpServer(handle: HttpHandler): Server {
  return createServer((incoming, response) => {
    void readRequest(incoming).then(
      (request) => answer(response, request.method === 'OPTIONS' ? { status: 204 } : handle(request)),
      () => response.destroy(),
    );
  });
}

async function readRequest(incoming: IncomingMessage): Promise<HttpRequest> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > bodyLimitBytes) throw new Error('body too large');
    chunks.push(chunk);
  }
  const host = incoming.headers.host ?? 'localhost';
  const url = new URL(incoming.url ?? '/', `http://${host}`);
  const key = incoming.headers['x-gladia-key'];
  const { method = 'GET' } = incoming;
  const body = parsed(Buffer.concat(chunks).toString());
  return { method, path: url.pathname, query: url.searchParams, key: key?.toString(), body, host };
}

function parsed(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function answer(response: ServerResponse, reply: ReturnType<HttpHandler>): void {
  if (reply === 'hang') return;
  if (reply === 'reset') {
    response.destroy();
    return;
  }
  const { type, bytes } = encoded(reply.body);
  response.writeHead(reply.status, { ...cors, ...(type && { 'content-type': type }), ...reply.headers });
  response.end(bytes);
}

function encoded(body: unknown): { type?: string; bytes?: string | Buffer } {
  if (body === undefined) return {};
  if (Buffer.isBuffer(body)) return { type: 'application/octet-stream', bytes: body };
  if (typeof body === 'string') return { type: 'text/html', bytes: body };
  return { type: 'application/json', bytes: JSON.stringify(body) };
}

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
