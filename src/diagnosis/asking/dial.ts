import type { IncomingMessage } from 'node:http';
import { WebSocket } from 'ws';
import { networkFault, type Fault } from './network-fault.js';

/** What became of a WebSocket that was dialled: refused in HTTP, or open and then this was its first message. */
export type Dialled =
  | { readonly kind: 'answered'; readonly status: number; readonly body: string }
  | { readonly kind: 'open'; readonly message: string | undefined }
  | ({ readonly kind: 'fault' } & Fault);

const MOST_BODY = 2_048;
/** As Egress sends them: what refuses these refuses Egress. */
const HEADERS = { 'Content-Type': 'audio/x-raw', 'User-Agent': 'Go-http-client/1.1' };

/** Dials as Egress would: once, following no redirect. Resolves when it is clear what came of it; never rejects. */
export function dial(url: string, withinMs: number): Promise<Dialled> {
  return new Promise((resolve) => {
    const settle = (dialled: Dialled): void => {
      clearTimeout(timer);
      socket.terminate();
      resolve(dialled);
    };
    let isOpen = false;
    const timer = setTimeout(
      () =>
        settle(isOpen ? { kind: 'open', message: undefined } : { kind: 'fault', fault: 'timeout', code: 'ETIMEDOUT' }),
      withinMs,
    );
    const socket = new WebSocket(url, { headers: HEADERS, perMessageDeflate: false, maxPayload: 64 * 1024 });
    socket.on('open', () => (isOpen = true));
    socket.on('message', (data: Buffer) => settle({ kind: 'open', message: data.toString('utf8') }));
    socket.on('close', () => settle({ kind: 'open', message: undefined }));
    socket.on('error', (error) => settle({ kind: 'fault', ...networkFault(error) }));
    socket.on('unexpected-response', (_request, response) => {
      void bodyOf(response).then((body) => settle({ kind: 'answered', status: response.statusCode ?? 0, body }));
    });
  });
}

async function bodyOf(response: IncomingMessage): Promise<string> {
  let body = '';
  try {
    for await (const chunk of response) {
      body += String(chunk);
      if (body.length > MOST_BODY) break;
    }
  } catch {
    // What came until then is all that is known.
  }
  return body.slice(0, MOST_BODY);
}
