import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { PlainUpgrader, type AudioSocket } from './audio-upgrader.js';
import { BatchedReader } from './batched-reader.js';
import { FastUpgrader } from './fast-upgrader.js';

const MAX_PAYLOAD_BYTES = 16 * 1024 * 1024;
const FRAME_INTERVAL_MS = 10;

/** The implementations that must not differ in what a client sees. */
export const IMPLEMENTATIONS = ['plain ws', 'the fast path', 'the fast path with batched reads'] as const;
export type Implementation = (typeof IMPLEMENTATIONS)[number];

/** Sends every message back. */
export class EchoServer {
  readonly #http = createServer();
  // One case has more fragments than any honest client sends.
  readonly #server = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: MAX_PAYLOAD_BYTES,
    maxFragments: 0,
  });
  /** Batches a connection from its first read on, if it is used at all. */
  readonly #batchedReader = new BatchedReader(1);
  #readsBatches = false;
  #nowMs = 0;

  private constructor(implementation: Implementation) {
    const upgrader = implementation === 'plain ws' ? new PlainUpgrader() : new FastUpgrader(this.#batchedReader);
    this.#http.on('upgrade', (request, socket, head) => {
      upgrader.upgrade(this.#server, { request, socket, head }, (audio) => {
        echo(audio);
        this.#server.emit('connection', audio.client, request);
      });
    });
    if (implementation !== 'the fast path with batched reads') return;
    this.#server.on('connection', () => {
      if (!this.#readsBatches) this.#readBatches();
    });
  }

  static async start(implementation: Implementation): Promise<EchoServer> {
    const server = new EchoServer(implementation);
    await once(server.#http.listen(0, '127.0.0.1'), 'listening');
    return server;
  }

  get port(): number {
    return (this.#http.address() as AddressInfo).port;
  }

  /** Cuts what a failed case has left open, and resolves when no connection is left. */
  async close(): Promise<void> {
    for (const client of this.#server.clients) client.terminate();
    await once(this.#http.close(), 'close');
  }

  /** Once in each turn of the event loop, while there is a connection. */
  #readBatches(): void {
    this.#batchedReader.readAll((this.#nowMs += FRAME_INTERVAL_MS));
    this.#readsBatches = this.#server.clients.size > 0;
    if (this.#readsBatches) setImmediate(() => this.#readBatches());
  }
}

function echo({ client, listen }: AudioSocket): void {
  client.on('error', () => undefined);
  listen({
    // Copied: the bytes are valid until this returns, and sending may take longer.
    binary: (message) => client.send(Buffer.from(message), { binary: true }),
    text: (message) => client.send(message, { binary: false }),
  });
}
