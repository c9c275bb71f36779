import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { DirectSocket } from '../direct-socket.js';
import { ReadingRounds } from '../reading-rounds.js';

const MAX_PAYLOAD_BYTES = 16 * 1024 * 1024;
const NOTHING = Buffer.alloc(0);

const ROUND_MS = 10;

export type Way = 'ws alone' | 'direct' | 'in rounds';

/** Sends every message back. */
export class EchoServer {
  readonly #http = createServer();
  // One case has as many fragments as no honest client sends.
  readonly #server = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: MAX_PAYLOAD_BYTES,
    maxFragments: 0,
  });

  /** Whoever brings sound is read in rounds from the next one on, while there are any. */
  readonly #rounds = new ReadingRounds(1);
  #timer: NodeJS.Timeout | undefined;

  private constructor(way: Way) {
    const open = way === 'ws alone' ? this.#open.bind(this) : this.#openDirect.bind(this);
    if (way === 'in rounds') this.#goRound();
    this.#http.on('upgrade', open);
    this.#server.on('connection', echo);
  }

  static async start(way: Way): Promise<EchoServer> {
    const server = new EchoServer(way);
    await once(server.#http.listen(0, '127.0.0.1'), 'listening');
    return server;
  }

  get port(): number {
    return (this.#http.address() as AddressInfo).port;
  }

  /** Cuts what a failed case has left, and is done when no connection is. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    for (const client of this.#server.clients) client.terminate();
    await once(this.#http.close(), 'close');
  }

  #goRound(): void {
    let nowMs = 0;
    this.#timer = setInterval(() => this.#rounds.round((nowMs += ROUND_MS)), 1);
  }

  #open(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.#server.handleUpgrade(request, socket, head, (client) => this.#server.emit('connection', client, request));
  }

  #openDirect(request: IncomingMessage, accepted: Duplex, head: Buffer): void {
    const direct = DirectSocket.of(accepted, this.#rounds);
    if (direct === undefined) throw new Error('there is no short way on this Node');
    this.#server.handleUpgrade(request, direct.socket, NOTHING, (client) => {
      this.#server.emit('connection', client, request);
      direct.begin((payload) => client.emit('message', payload, true), head, MAX_PAYLOAD_BYTES);
    });
  }
}

function echo(client: WebSocket): void {
  client.on('error', () => undefined);
  // Copied, for sound is only lent, and what is sent may have to wait.
  client.on('message', (data, isBinary) => client.send(Buffer.from(data as Buffer), { binary: isBinary }));
}
