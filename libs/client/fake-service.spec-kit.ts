import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Message } from './messages.js';

/** Stands in for the service: its sessions' messages, page by page, and their event streams. */
export class FakeService {
  readonly #server = createServer((request, response) => this.#answer(request, response));
  readonly #streams = new Map<ServerResponse, string>();
  readonly requests: { readonly path: string; readonly authorization: string | undefined }[] = [];
  /** What is stored, by session: all but interims. */
  readonly stored = new Map<string, Message[]>();
  /** The session of every room. */
  running: string | undefined;
  /** The most that a page holds, however many are asked for. */
  pageSize = 100;
  /** Answers with this status in place of everything. */
  failsWith: number | undefined;
  acceptedTicket: string | undefined;

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => {
      this.#server.listen(0, '127.0.0.1', resolve);
    });
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Stores a message if it is one that is stored, and sends it to the open streams. */
  publish(message: Message): void {
    if (message.type !== 'transcript' || message.final) {
      this.stored.set(message.sessionId, [...(this.stored.get(message.sessionId) ?? []), message]);
    }
    for (const [stream, id] of this.#streams) if (id === message.sessionId) stream.write(eventOf(message));
  }

  /** Breaks the open streams, as a proxy does that restarts. */
  breakStreams(): void {
    for (const stream of this.#streams.keys()) stream.destroy();
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://service');
    this.requests.push({ path: request.url ?? '', authorization: request.headers.authorization });
    const [collection, id = '', of] = pathname.slice(1).split('/').map(decodeURIComponent);
    if (this.failsWith !== undefined) return void response.writeHead(this.failsWith).end();
    if (collection === 'rooms') {
      this.#answerRoom(response);
      return;
    }
    if (of === undefined) {
      response.end(JSON.stringify({ id, room: 'Weekly meeting' }));
      return;
    }
    if (of === 'events') {
      this.#stream(id, searchParams, request, response);
      return;
    }
    this.#answerPage(id, Number(searchParams.get('after')), response);
  }

  #answerRoom(response: ServerResponse): void {
    if (this.running === undefined) response.writeHead(404).end('{"code":"no_session"}');
    else response.end(JSON.stringify({ id: this.running }));
  }

  #answerPage(id: string, after: number, response: ServerResponse): void {
    const left = this.#after(id, after);
    const page = left.slice(0, this.pageSize);
    if (left.length > page.length) response.setHeader('Link', `<?after=${page.at(-1)!.seq}>; rel="next"`);
    response.end(JSON.stringify(page));
  }

  #stream(id: string, query: URLSearchParams, request: IncomingMessage, response: ServerResponse): void {
    if (this.acceptedTicket !== undefined && query.get('ticket') !== this.acceptedTicket) {
      return void response.writeHead(401).end();
    }
    response.writeHead(200, { 'Content-Type': 'text/event-stream' }).write(': roomscribe\n\n');
    for (const message of this.#after(id, Number(request.headers['last-event-id']))) response.write(eventOf(message));
    this.#streams.set(response, id);
    response.on('close', () => this.#streams.delete(response));
  }

  #after(id: string, after: number): Message[] {
    return (this.stored.get(id) ?? []).filter(({ seq }) => seq > after);
  }
}

const eventOf = (message: Message): string => `id: ${message.seq}\ndata: ${JSON.stringify(message)}\n\n`;
