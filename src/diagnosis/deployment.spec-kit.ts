import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { Config } from '../config/config.js';
import { parseConfig } from '../config/parse-config.js';
import { ReachabilityProbe } from '../livekit/reachability-probe.js';
import { Deployment, type CostlyProbes, type Listener } from './deployment.js';

export const KEYS = { apiKey: 'devkey', apiSecret: 'a-secret-of-the-diagnosis-tests-only' };
const GLADIA_KEY = 'a-gladia-key-of-the-diagnosis-tests';

/** The variables that every deployment has, and those in which it differs. */
const configOf = (variables: Readonly<Record<string, string>>): Config =>
  parseConfig({
    LIVEKIT_API_KEY: KEYS.apiKey,
    LIVEKIT_API_SECRET: KEYS.apiSecret,
    LIVEKIT_HTTP_URL: 'http://127.0.0.1:2',
    GLADIA_API_KEY: GLADIA_KEY,
    GLADIA_API_URL: 'http://127.0.0.1:2',
    EGRESS_WEBSOCKET_BASE_URL: 'ws://127.0.0.1:2/egress/audio',
    ...variables,
  });

/** A deployment under test. @param timeoutMs short only where no answer comes */
export function deploymentOf(
  variables: Readonly<Record<string, string>>,
  costly: CostlyProbes = { gladiaSession: false },
  listener: Listener = { kind: 'none' },
  timeoutMs?: number,
): Deployment {
  const config = configOf(variables);
  return new Deployment(config, new ReachabilityProbe(config.livekit), listener, costly, timeoutMs);
}

/** What a canned server does with a request of some path. */
export interface Canned {
  readonly status?: number;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Nothing, for ever, or a connection that breaks. */
  readonly instead?: 'hang' | 'reset';
  /** What is said on a WebSocket; undefined: upgrades are answered as requests are. */
  readonly says?: string;
}

/** A server with prepared answers. */
export class CannedServer {
  /** The paths that were asked for. */
  readonly asked: string[] = [];
  readonly #upgraded: Duplex[] = [];

  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {}

  /** @param canned by a part of the path; the first that fits is taken, and `''` fits all */
  static async start(canned: Readonly<Record<string, Canned>>): Promise<CannedServer> {
    const server = createServer((request, response) => answer(response, find(request.url)));
    const sockets = new WebSocketServer({ noServer: true });
    const find = (url = ''): Canned => {
      started.asked.push(url);
      return Object.entries(canned).find(([part]) => url.includes(part))?.[1] ?? { status: 404 };
    };
    server.on('upgrade', (request, socket, head) => {
      started.#upgraded.push(socket);
      const { says, ...reply } = find(request.url);
      if (says === undefined) answerRaw(socket, reply);
      else sockets.handleUpgrade(request, socket, head, (client) => client.send(says));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const started: CannedServer = new CannedServer(server, (server.address() as AddressInfo).port);
    return started;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async close(): Promise<void> {
    for (const socket of this.#upgraded) socket.destroy();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

function answer(response: ServerResponse, { instead, status = 200, headers = {}, body = '' }: Canned): void {
  if (instead === 'reset') response.destroy();
  else if (instead === undefined) response.writeHead(status, headers).end(body);
}

function answerRaw(socket: Duplex, { instead, status = 200, body = '' }: Canned): void {
  if (instead === 'reset') socket.destroy();
  else if (instead === undefined) {
    socket.end(`HTTP/1.1 ${status} X\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
  }
}
