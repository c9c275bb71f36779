import { createServer, type IncomingMessage, type Server } from 'node:http';
import { WebSocket, WebSocketServer } from 'ws';
import type { ReachabilityProbe } from '../../livekit/reachability-probe.js';
import { networkFault, type Fault } from './network-fault.js';

/** What came of dialling a WebSocket: an HTTP answer, or an open socket and its first message. */
export type Dialled =
  | { readonly kind: 'answered'; readonly status: number; readonly body: string }
  | { readonly kind: 'open'; readonly message: string | undefined }
  | ({ readonly kind: 'fault' } & Fault);

const MOST_BODY = 2_048;
/** As Egress sends them: who refuses these refuses Egress. */
const HEADERS = { 'Content-Type': 'audio/x-raw', 'User-Agent': 'Go-http-client/1.1' };

/** Dials as Egress would: once, following no redirect. Never rejects. */
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

/** Listens at PORT while the service does not run, so that its address can be tried: answers reach probes, nothing else. */
export class PlaceholderServer {
  private constructor(
    private readonly server: Server,
    private readonly sockets: WebSocketServer,
  ) {}

  /** Undefined where the port is taken. */
  static async open(port: number, probe: Pick<ReachabilityProbe, 'answer'>): Promise<PlaceholderServer | undefined> {
    const sockets = new WebSocketServer({ noServer: true });
    const server = createServer((request, response) => {
      // Answered as by the service, so that a proxy which removes the Upgrade header is noticed here too.
      response.writeHead(404).end(`Cannot GET ${request.url ?? ''}`);
    });
    server.on('upgrade', (request, socket, head) => {
      socket.on('error', () => socket.destroy());
      const answer = probe.answer(request.url, Date.now());
      if (answer === undefined) {
        socket.end('HTTP/1.1 401 Unauthorized\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
        return;
      }
      sockets.handleUpgrade(request, socket, head, (client) => {
        client.on('error', () => client.terminate());
        client.send(answer);
        client.close(1000);
      });
    });
    return (await listens(server, port)) ? new PlaceholderServer(server, sockets) : undefined;
  }

  async close(): Promise<void> {
    for (const client of this.sockets.clients) client.terminate();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

function listens(server: Server, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, () => resolve(true));
  });
}
