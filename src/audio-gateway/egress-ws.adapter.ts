import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { INestApplication } from '@nestjs/common';
import { WsAdapter } from '@nestjs/platform-ws';
import type { WebSocket, WebSocketServer } from 'ws';
import { AudioUpgrader } from '../../libs/ws-fast-path/audio-upgrader.js';
import type { ReachabilityProbe } from '../livekit/reachability-probe.js';
import { AudioGateway } from './audio.gateway.js';
import { ConnectionLimiter } from './connection-limiter.js';
import type { Refused } from './upgrade-gate.js';

const NO_HANDSHAKE: Refused = { status: 400, reason: 'no WebSocket handshake of version 13', because: 'handshake' };

/**
 * Nest's WebSocket adapter for one gateway whose path has parameters: asks the gateway about every upgrade before it
 * happens, refuses with an HTTP response, and passes messages to the gateway as they are.
 */
export class EgressWsAdapter extends WsAdapter {
  #server: WebSocketServer | undefined;

  /** @param probe answers connections which check that the address that Egress dials leads here */
  constructor(
    private readonly app: INestApplication,
    private readonly probe?: Pick<ReachabilityProbe, 'answer'>,
  ) {
    super(app);
  }

  /** Nest would parse each frame as JSON. */
  override bindMessageHandlers(): void {}

  /** Nest would log each protocol violation with a stack; the gateway counts them, and `ws` closes the socket. */
  override bindErrorHandler(server: WebSocketServer): WebSocketServer {
    return server.on('connection', (client) => client.on('error', () => undefined));
  }

  protected override addWsServerToRegistry(server: unknown): void {
    this.#server = server as WebSocketServer;
    this.#server.on('wsClientError', (_, __, request) => this.app.get(ConnectionLimiter).refuse(request, NO_HANDSHAKE));
  }

  protected override ensureHttpServerExists(port: number, httpServer?: Server): Server | undefined {
    if (httpServer === undefined || this.httpServersRegistry.has(port)) return httpServer;
    this.httpServersRegistry.set(port, httpServer);
    this.app.get(ConnectionLimiter).guard(httpServer);
    httpServer.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
    return httpServer;
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    const server = this.#server;
    const proof = this.probe?.answer(request.url, Date.now());
    if (server !== undefined && proof !== undefined) {
      server.handleUpgrade(request, socket, head, (client) => sendProof(client, proof));
      return;
    }
    const verdict = this.app.get(AudioGateway).admit(request);
    if ('status' in verdict) this.app.get(ConnectionLimiter).refuse(request, verdict);
    else if (server !== undefined)
      this.app.get(AudioUpgrader).upgrade(server, { request, socket, head }, (audio) => {
        server.emit('connection', audio.client, request, audio);
      });
  }
}

function sendProof(client: WebSocket, proof: string): void {
  client.on('error', () => client.terminate());
  client.send(proof);
  client.close(1000);
}
