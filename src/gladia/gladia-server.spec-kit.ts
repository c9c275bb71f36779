import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';
import { Watched } from './watched.spec-kit.js';

export type ResumeOffset = 'received' | 'acked' | 'reset';

/** One Gladia session as the test's server sees it. */
export interface ServerSession {
  readonly id: string;
  readonly body: Record<string, unknown>;
  /** The audio that the server kept, in order. */
  kept: number[];
  acknowledgedBytes: number;
  sockets: WebSocket[];
  stops: number;
}

export interface ServerSocket {
  readonly session: ServerSession;
  readonly ws: WebSocket;
  /** Counts the sockets of all sessions, from 0. */
  readonly index: number;
  send(message: Record<string, unknown>): void;
}

/** A small fake Gladia on loopback. Tests replace the fields that are functions. */
export class TestGladiaServer extends Watched {
  readonly sessions: ServerSession[] = [];
  readonly requests: { readonly method: string; readonly url: string; readonly key: string | undefined }[] = [];
  /** Text messages of all sockets. */
  readonly texts: string[] = [];
  sockets = 0;
  resumeOffset: ResumeOffset = 'received';
  acknowledges = true;
  startsRecording = true;
  sendsEnd = true;

  /** Return a status (and header) to refuse the nth POST, from 0. */
  refusePost: (nth: number) => { status: number; retryAfter?: string } | undefined = () => undefined;
  /** Return a status to refuse a GET. */
  refuseGet: () => number | undefined = () => undefined;
  /** Return a status to refuse the nth upgrade, from 0. */
  refuseUpgrade: (nth: number) => number | undefined = () => undefined;
  /** Sent with a refused upgrade. */
  upgradeRetryAfter: string | undefined;
  socketUrl = (origin: string, id: string): string => `${origin.replace('http', 'ws')}/v2/live?token=${id}`;
  opened: (socket: ServerSocket) => void = () => undefined;
  /** After each chunk; return false to keep the acknowledgment back. */
  audioReceived: (socket: ServerSocket, keptSamples: number) => boolean = () => true;
  /** Before the answer to `stop_recording`; return false to give none. */
  stopped: (socket: ServerSocket) => boolean = () => true;
  result: (session: ServerSession) => unknown = () => ({ status: 'done', result: null });

  readonly #http = createServer((request, response) => void this.#answer(request, response));
  readonly #ws = new WebSocketServer({ noServer: true });
  #posts = 0;
  #upgrades = 0;

  async start(): Promise<this> {
    this.#http.on('upgrade', (request, socket, head) => {
      const status = this.refuseUpgrade(this.#upgrades++);
      this.changed();
      const retryAfter = this.upgradeRetryAfter === undefined ? '' : `Retry-After: ${this.upgradeRetryAfter}\r\n`;
      if (status !== undefined)
        return void socket.end(`HTTP/1.1 ${status} No\r\n${retryAfter}Connection: close\r\n\r\n`);
      this.#ws.handleUpgrade(request, socket, head, (ws) => this.#connected(ws, request.url ?? ''));
    });
    await new Promise<void>((resolve) => this.#http.listen(0, '127.0.0.1', resolve));
    return this;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}`;
  }

  get upgrades(): number {
    return this.#upgrades;
  }

  async stop(): Promise<void> {
    for (const client of this.#ws.clients) client.terminate();
    this.#http.closeAllConnections();
    await new Promise((resolve) => this.#http.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const [method, url] = [request.method ?? '', request.url ?? ''];
    this.requests.push({ method, url, key: request.headers['x-gladia-key'] as string | undefined });
    if (method === 'POST') this.#create(Buffer.concat(chunks).toString(), response);
    else this.#read(url, response);
    this.changed();
  }

  #create(body: string, response: ServerResponse): void {
    const refusal = this.refusePost(this.#posts++);
    if (refusal !== undefined) {
      if (refusal.retryAfter !== undefined) response.setHeader('retry-after', refusal.retryAfter);
      response
        .writeHead(refusal.status)
        .end(JSON.stringify({ message: 'secret', validation_errors: ['model is odd'] }));
      return;
    }
    const id = `session-${this.sessions.length}`;
    const parsed = JSON.parse(body) as Record<string, unknown>;
    this.sessions.push({ id, body: parsed, kept: [], acknowledgedBytes: 0, sockets: [], stops: 0 });
    response.writeHead(201).end(JSON.stringify({ id, created_at: 'now', url: this.socketUrl(this.origin, id) }));
  }

  #read(url: string, response: ServerResponse): void {
    const status = this.refuseGet();
    if (status !== undefined) return void response.writeHead(status).end('{}');
    const session = this.sessions.find(({ id }) => url.endsWith(`/${id}`));
    const result = session === undefined ? { items: [] } : this.result(session);
    if (result === undefined) response.writeHead(404).end('{}');
    else response.writeHead(200).end(JSON.stringify(result));
  }

  #connected(ws: WebSocket, url: string): void {
    const session = this.sessions.find(({ id }) => url.includes(id));
    if (session === undefined) {
      ws.close(4403);
      return;
    }
    const socket: ServerSocket = {
      session,
      ws,
      index: this.sockets++,
      send: (message) => ws.send(JSON.stringify({ session_id: session.id, ...message })),
    };
    if (this.resumeOffset === 'acked') session.kept.length = session.acknowledgedBytes / 2;
    let offset = this.resumeOffset === 'reset' ? 0 : session.kept.length * 2;
    session.sockets.push(ws);
    if (this.startsRecording) socket.send({ type: 'start_recording' });
    this.opened(socket);
    ws.on('message', (data: Buffer, isBinary) => {
      if (isBinary) offset = this.#chunk(socket, data, offset);
      else this.texts.push(data.toString());
      if (!isBinary && data.toString().includes('stop_recording')) this.#stop(socket);
      this.changed();
    });
    ws.on('close', () => this.changed());
    this.changed();
  }

  #chunk(socket: ServerSocket, data: Buffer, offset: number): number {
    const { session } = socket;
    for (let i = 0; i < data.length; i += 2) session.kept.push(data.readInt16LE(i));
    const end = offset + data.length;
    if (this.audioReceived(socket, session.kept.length) && this.acknowledges) {
      session.acknowledgedBytes = session.kept.length * 2;
      socket.send({ type: 'audio_chunk', acknowledged: true, error: null, data: { byte_range: [offset, end] } });
    }
    return end;
  }

  #stop(socket: ServerSocket): void {
    socket.session.stops += 1;
    if (!this.stopped(socket)) return;
    socket.send({ type: 'stop_recording', acknowledged: true, error: null, data: {} });
    if (!this.sendsEnd) {
      socket.ws.close(1000);
      return;
    }
    socket.send({ type: 'end_session' });
    socket.ws.close(1000);
  }
}

export function transcript(
  id: string,
  final: boolean,
  text: string,
  start: number,
  end: number,
): Record<string, unknown> {
  const texts = text.trim().split(' ');
  const step = (end - start) / texts.length;
  const words = texts.map((word, i) => ({
    word: ` ${word}`,
    start: start + i * step,
    end: start + (i + 1) * step,
    confidence: 0.9,
  }));
  const utterance = { text, start, end, language: 'en', confidence: 0.9, channel: 0, words };
  return { type: 'transcript', data: { id, is_final: final, utterance } };
}
