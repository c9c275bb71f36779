import { createServer, STATUS_CODES, type IncomingMessage, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type RawData, type WebSocket } from 'ws';
import { bodyOf, type Answer } from './livekit-server.js';
import { readable, type Outcome } from './outcome.js';
import type { JsonObject } from './recording.js';
import type { VirtualTime } from './virtual-time.js';

export interface EngineRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What decides how Gladia answers, and what follows what it is sent. */
export interface EngineBrain {
  answer(request: EngineRequest, n: number): Promise<Answer>;
  upgrade(path: string, n: number): Promise<Answer>;
  opened(socket: number): void;
  received(socket: number, data: Buffer, isBinary: boolean): void;
  closed(socket: number): void;
}

/** Gladia's API and its sockets. What it is sent is written down; what it answers is decided elsewhere. */
export class GladiaServer {
  readonly server: Server;
  readonly #sockets = new Map<number, WebSocket>();
  readonly #dead = new Set<number>();
  readonly #upgrader = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  readonly #counts = new Map<string, number>();
  #opened = 0;

  constructor(
    private readonly time: VirtualTime,
    private readonly outcome: Outcome,
    private readonly brain: EngineBrain,
  ) {
    this.server = createServer((request, response) => {
      void this.#answer(request).then(({ status, body, headers = {}, afterMs }) => {
        if (status === 0) return;
        this.time.after(afterMs, () => {
          response.writeHead(status, { 'content-type': 'application/json', ...(headers as Record<string, string>) });
          response.end(typeof body === 'string' ? body : JSON.stringify(body));
        });
      });
    });
    this.server.on('upgrade', (request, connection, head) => void this.#upgrade(request, connection, head));
  }

  /** Sockets that are open, by number. */
  get open(): number[] {
    return [...this.#sockets.keys()];
  }

  send(socket: number, text: string): boolean {
    const client = this.#sockets.get(socket);
    if (client === undefined) return false;
    if (!this.#dead.has(socket)) client.send(text);
    return true;
  }

  close(socket: number, how: number | 'reset'): void {
    if (how === 'reset') this.#sockets.get(socket)?.terminate();
    else this.#sockets.get(socket)?.close(how);
  }

  stopReading(socket: number, forMs: number): void {
    const client = this.#sockets.get(socket);
    client?.pause();
    this.time.after(forMs, () => client?.resume());
  }

  /** The other side sees an open socket at which nothing happens any more. */
  die(socket: number): void {
    this.#dead.add(socket);
    this.#sockets.get(socket)?.pause();
  }

  async #answer(incoming: IncomingMessage): Promise<Answer> {
    const { method = 'GET', url: path = '' } = incoming;
    const body = await bodyOf(incoming);
    const details = body === '' ? {} : { body: readable(body) };
    this.outcome.output('engine-call', { method, path, ...details });
    const headers = incoming.headers as Record<string, string>;
    return this.brain.answer({ method, path, headers, body }, this.#count(method));
  }

  async #upgrade(request: IncomingMessage, connection: Duplex, head: Buffer): Promise<void> {
    connection.on('error', () => undefined);
    const path = request.url ?? '';
    const n = this.#count('UPGRADE');
    this.outcome.output('engine-upgrade', { n, path });
    const { status, afterMs, headers = {} } = await this.brain.upgrade(path, n);
    if (status === 0) return;
    this.time.after(afterMs, () => {
      if (status === 101) this.#upgrader.handleUpgrade(request, connection, head, (client) => this.#open(client));
      else connection.end(refusal(status, headers));
    });
  }

  #open(client: WebSocket): void {
    const socket = ++this.#opened;
    this.#sockets.set(socket, client);
    client.on('error', () => undefined);
    client.on('message', (data: RawData, isBinary) => {
      const bytes = data as Buffer;
      if (isBinary) this.outcome.sound(socket, bytes);
      else this.#out('engine-text', { socket, text: readable(bytes.toString()) });
      this.brain.received(socket, bytes, isBinary);
    });
    client.on('close', (code) => {
      this.#sockets.delete(socket);
      this.#out('engine-socket-closed', { socket, code });
      this.brain.closed(socket);
    });
    this.brain.opened(socket);
  }

  /** What comes after sound on a socket is written down after it. */
  #out(what: string, details: JsonObject): void {
    this.outcome.endSound();
    this.outcome.output(what, details);
  }

  #count(what: string): number {
    const n = (this.#counts.get(what) ?? 0) + 1;
    this.#counts.set(what, n);
    return n;
  }
}

function refusal(status: number, headers: JsonObject): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value as string}\r\n`);
  return `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nConnection: close\r\nContent-Length: 0\r\n${lines.join('')}\r\n`;
}
