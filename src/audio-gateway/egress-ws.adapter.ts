import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { INestApplication } from '@nestjs/common';
import { WsAdapter } from '@nestjs/platform-ws';
import type { WebSocket, WebSocketServer } from 'ws';
import type { ReachabilityProbe } from '../livekit/reachability-probe.js';
import { AudioGateway, MAX_FRAME_BYTES } from './audio.gateway.js';
import { DirectSocket } from './direct-socket.js';
import { FrontDoor } from './front-door.js';
import { ReadingRounds } from './reading-rounds.js';
import type { Refused } from './upgrade-gate.js';

const NO_HANDSHAKE: Refused = { status: 400, reason: 'no WebSocket handshake of version 13', because: 'handshake' };
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
    private readonly probe?: Pick<ReachabilityProbe, 'answer'>,
  ) {
    super(app);
  }

  /** Frames never pass Nest's message mapping, which would parse each one as JSON. */
  override bindMessageHandlers(): void {}

  /** Nest would log every peer's nonsense with a stack; the gateway counts it, and `ws` closes the socket. */
  override bindErrorHandler(server: WebSocketServer): WebSocketServer {
    return server.on('connection', (client) => client.on('error', () => undefined));
  }

  protected override addWsServerToRegistry(server: unknown): void {
    this.#server = server as WebSocketServer;
    this.#server.on('wsClientError', (_, __, request) => this.app.get(FrontDoor).refuse(request, NO_HANDSHAKE));
  }

  protected override ensureHttpServerExists(port: number, httpServer?: Server): Server | undefined {
    if (httpServer === undefined || this.httpServersRegistry.has(port)) return httpServer;
    this.httpServersRegistry.set(port, httpServer);
    this.app.get(FrontDoor).guard(httpServer);
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
    if ('status' in verdict) this.app.get(FrontDoor).refuse(request, verdict);
    else if (server !== undefined) this.#open(server, request, socket, head);
  }

  /** A connection that is let in, on the shorter way where there is one. */
  #open(server: WebSocketServer, request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const gateway = this.app.get(AudioGateway);
    const direct = DirectSocket.of(socket, this.app.get(ReadingRounds));
    if (direct !== undefined) request.socket = direct.socket;
    server.handleUpgrade(request, direct?.socket ?? socket, direct === undefined ? head : NOTHING, (client) => {
      server.emit('connection', client, request);
      direct?.begin(gateway.soundOf(client), head, MAX_FRAME_BYTES);
    });
  }
}

function tell(client: WebSocket, proof: string): void {
  client.on('error', () => client.terminate());
  client.send(proof);
  client.close(1000);
}
