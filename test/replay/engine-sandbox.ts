import { Socket } from 'node:net';
import { WebSocket } from 'ws';
import { bundledLexicon } from '../../libs/sandbox/gladia/gladia-sandbox.js';
import { noFaults } from '../../libs/sandbox/gladia/faults.js';
import { httpServer } from '../../libs/sandbox/gladia/http-server.js';
import { LiveApi } from '../../libs/sandbox/gladia/live-api.js';
import { defaultOptions, type GladiaSandboxOptions } from '../../libs/sandbox/gladia/options.js';
import { SessionStore } from '../../libs/sandbox/gladia/session-store.js';
import { Upgrade } from '../../libs/sandbox/gladia/upgrade.js';
import type { EngineBrain, EngineRequest } from './gladia-server.js';
import type { Answer } from './livekit-server.js';
import { readable } from './outcome.js';
import type { Input } from './recording.js';
import { GLADIA_HOST } from './service-process.js';
import { MESSAGE_MS, type World } from './world.js';

const SANDBOX_HOST = 'sandbox.test';
/** How long an answer of HTTP and an upgrade are under way. */
const DELAYS = { answerMs: 15, upgradeMs: 10 };

interface Client {
  readonly ws: WebSocket;
  readonly waiting: string[];
  socket: number | undefined;
}

/** Answers as Gladia from the sandbox, which understands the bundled recordings; what it says becomes inputs. */
export class EngineSandbox implements EngineBrain {
  readonly options: GladiaSandboxOptions;
  readonly faults = noFaults();
  readonly #clients = new Map<number, Client>();
  readonly #opening: Client[] = [];
  readonly #store: SessionStore;
  readonly #upgrade: Upgrade;
  #world: World | undefined;

  constructor(options: Partial<GladiaSandboxOptions>) {
    this.options = { ...defaultOptions, ...options };
    this.#store = new SessionStore(this.options);
    this.#upgrade = new Upgrade(this.options, this.faults, this.#store);
  }

  serveIn(world: World): void {
    this.#world = world;
    const live = new LiveApi(this.options, this.faults, this.#store, bundledLexicon());
    const server = httpServer((request) => live.handle(request));
    server.on('upgrade', (request, connection, head) => {
      if (connection instanceof Socket) this.#upgrade.handle(request, connection, head);
    });
    world.network.serve(SANDBOX_HOST, server);
  }

  async answer({ method, path, headers, body }: EngineRequest, n: number): Promise<Answer> {
    const begunMs = this.#nowMs;
    const response = await fetch(`http://${SANDBOX_HOST}${path}`, {
      method,
      headers: { 'x-gladia-key': headers['x-gladia-key'] ?? '', 'content-type': 'application/json' },
      ...(body !== '' && { body }),
    });
    const text = (await response.text()).replaceAll(SANDBOX_HOST, GLADIA_HOST);
    const retryAfter = response.headers.get('retry-after');
    const answer = {
      status: response.status,
      ...(text !== '' && { body: readable(text) }),
      ...(retryAfter !== null && { headers: { 'retry-after': retryAfter } }),
    };
    this.#note({ do: 'engine-answer', call: method, n, ...answer, afterMs: this.#nowMs - begunMs + DELAYS.answerMs });
    return { ...answer, afterMs: DELAYS.answerMs };
  }

  async upgrade(path: string, n: number): Promise<Answer> {
    const ws = new WebSocket(`ws://${SANDBOX_HOST}${path}`, { perMessageDeflate: false });
    const client: Client = { ws, waiting: [], socket: undefined };
    ws.on('error', () => undefined);
    ws.on('message', (data) => this.#say(client, (data as Buffer).toString()));
    ws.on('close', (code) => this.#hungUp(client, code));
    const status = await new Promise<number>((resolve) => {
      ws.on('open', () => resolve(101));
      ws.on('unexpected-response', (_, response) => resolve(response.statusCode ?? 0));
      ws.on('error', () => resolve(0));
    });
    if (status === 101) this.#opening.push(client);
    this.#note({ do: 'engine-upgrade', n, status, afterMs: DELAYS.upgradeMs });
    return { status, afterMs: DELAYS.upgradeMs };
  }

  opened(socket: number): void {
    const client = this.#opening.shift();
    if (client === undefined) return;
    client.socket = socket;
    this.#clients.set(socket, client);
    for (const text of client.waiting.splice(0)) this.#say(client, text);
    if (client.ws.readyState === WebSocket.CLOSED) this.#soon({ do: 'engine-closes', socket, with: 'reset' });
  }

  received(socket: number, data: Buffer, isBinary: boolean): void {
    this.#clients.get(socket)?.ws.send(data, { binary: isBinary });
  }

  closed(socket: number): void {
    this.detach(socket);
  }

  /** The session goes on as if the connection was lost. */
  detach(socket: number): void {
    const client = this.#clients.get(socket);
    this.#clients.delete(socket);
    if (client !== undefined) client.socket = undefined;
    client?.ws.terminate();
  }

  close(): void {
    this.#store.close();
    this.#upgrade.close();
  }

  #say(client: Client, text: string): void {
    const { socket, waiting } = client;
    if (socket === undefined) waiting.push(text);
    else this.#soon({ do: 'engine-says', socket, message: readable(text) });
  }

  #hungUp({ socket }: Client, code: number): void {
    if (socket === undefined || !this.#clients.delete(socket)) return;
    this.#soon({ do: 'engine-closes', socket, with: code === 1006 || code === 1005 ? 'reset' : code });
  }

  get #nowMs(): number {
    return this.#world?.time.nowMs ?? 0;
  }

  #soon(input: Input): void {
    this.#world?.time.after(MESSAGE_MS, () => this.#world?.apply({ at: this.#nowMs, ...input }));
  }

  /** An answer is given by who asked for it. */
  #note(input: Input): void {
    this.#world?.outcome.input({ at: this.#nowMs, ...input });
  }
}
