import { STATUS_CODES, type IncomingMessage, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { INestApplication } from '@nestjs/common';
import { WsAdapter } from '@nestjs/platform-ws';
import type { WebSocket, WebSocketServer } from 'ws';
import type { ReachProbe } from '../livekit/reach-probe.js';
import { AudioGateway, MAX_FRAME_BYTES } from './audio.gateway.js';
import { DirectSocket } from './direct-socket.js';
import type { Refused } from './upgrade-gate.js';

const NOTHING = Buffer.alloc(0);

/**
 * Nest's WebSocket adapter for one gateway whose path has parameters: asks the gateway about every upgrade before it
 * happens, refuses in plain HTTP, and leaves frames to the gateway, raw.
 */
export class EgressWsAdapter extends WsAdapter {
  #server: WebSocketServer | undefined;

  /** @param probe answers who asks whether the address that Egress dials ends here */
  constructor(
    private readonly app: INestApplication,
    private readonly probe?: Pick<ReachProbe, 'answer'>,
  ) {
    super(app);
  }

  /** Frames never pass Nest's message mapping, which would parse each one as JSON. */
  override bindMessageHandlers(): void {}

  protected override addWsServerToRegistry(server: unknown): void {
    this.#server = server as WebSocketServer;
  }

  protected override ensureHttpServerExists(port: number, httpServer?: Server): Server | undefined {
    if (httpServer === undefined || this.httpServersRegistry.has(port)) return httpServer;
    this.httpServersRegistry.set(port, httpServer);
    httpServer.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
    return httpServer;
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    const server = this.#server;
    const proof = this.probe?.answer(request.url, Date.now());
    if (server !== undefined && proof !== undefined) {
      server.handleUpgrade(request, socket, head, (client) => tell(client, proof));
      return;
    }
    const verdict = this.app.get(AudioGateway).admit(request);
    if (server === undefined || 'status' in verdict) {
      refuse(socket, 'status' in verdict ? verdict : { status: 404, reason: 'no such path' });
      return;
    }
    const direct = DirectSocket.of(socket);
    if (direct !== undefined) request.socket = direct.socket;
    server.handleUpgrade(request, direct?.socket ?? socket, direct === undefined ? head : NOTHING, (client) => {
      server.emit('connection', client, request);
      direct?.begin(client, head, MAX_FRAME_BYTES);
    });
  }
}

function tell(client: WebSocket, proof: string): void {
  client.on('error', () => client.terminate());
  client.send(proof);
  client.close(1000);
}

function refuse(socket: Duplex, { status, reason }: Refused): void {
  const body = JSON.stringify({ statusCode: status, message: reason });
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nConnection: close\r\nContent-Type: application/json\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
