import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Faults } from './faults.js';
import { LiveSocket } from './live-socket.js';
import type { GladiaSandboxOptions } from './options.js';
import type { GladiaSession } from './session.js';
import type { SessionStore } from './session-store.js';

/** Lets WebSockets in: `/v2/live?token=…`. */
export class Upgrade {
  readonly #server = new WebSocketServer({ noServer: true, perMessageDeflate: false });

  /** Connections that never get an answer. */
  readonly #hanging = new Set<Socket>();

  constructor(
    private readonly options: GladiaSandboxOptions,
    private readonly faults: Faults,
    private readonly store: SessionStore,
  ) {}

  handle(request: IncomingMessage, connection: Socket, head: Buffer): void {
    const fault = this.faults.upgrades.shift();
    if (fault === 'hang') return void this.#hanging.add(connection);
    if (fault === 'reset') return void connection.resetAndDestroy();
    if (fault !== undefined) {
      refuse(connection, fault);
      return;
    }
    const url = new URL(request.url ?? '/', 'http://localhost');
    const session = this.store.byToken(url.searchParams.get('token'));
    if (url.pathname !== '/v2/live') {
      refuse(connection, 404);
      return;
    }
    if (!session) {
      refuse(connection, 403);
      return;
    }
    if (session.isEnded && this.options.endedUpgrade === 'http403') {
      refuse(connection, 403);
      return;
    }
    this.#server.handleUpgrade(request, connection, head, (socket) => this.#admit(socket, connection, session));
  }

  close(): void {
    for (const connection of this.#hanging) connection.destroy();
    for (const socket of this.#server.clients) socket.terminate();
    this.#server.close();
  }

  #admit(socket: WebSocket, connection: Socket, session: GladiaSession): void {
    if (session.isEnded) {
      socket.close(4403, 'Session has ended');
      return;
    }
    const { secondSocket } = this.options;
    if (session.sockets.size > 0 && secondSocket === 'reject') {
      socket.close(4409, 'Session is in use');
      return;
    }
    if (secondSocket === 'replace') for (const other of [...session.sockets]) other.close(4409, 'Replaced');
    session.attach(new LiveSocket(socket, connection, session, this.faults.sockets.shift()));
  }
}

function refuse(connection: Socket, status: number): void {
  connection.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
