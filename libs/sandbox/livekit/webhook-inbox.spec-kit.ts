import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebhookReceiver, type WebhookEvent } from 'livekit-server-sdk';
import { readBody } from './http-body.js';

interface Arrival {
  readonly event: WebhookEvent;
  readonly body: string;
  readonly contentType: string | undefined;
}

/** A receiver of webhooks for specs: takes what the SDK accepts and answers 401 to the rest. */
export class WebhookInbox {
  readonly arrivals: Arrival[] = [];
  /** Requests that are answered 503 before the first is taken. */
  refusals = 0;
  readonly #changed = new EventEmitter();
  readonly #server: Server;

  private constructor(private readonly receiver: WebhookReceiver) {
    this.#server = createServer((request, response) => void this.#take(request, response));
  }

  static async open(apiKey: string, apiSecret: string): Promise<WebhookInbox> {
    const inbox = new WebhookInbox(new WebhookReceiver(apiKey, apiSecret));
    inbox.#server.listen(0, '127.0.0.1');
    await once(inbox.#server, 'listening');
    return inbox;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/livekit/webhook`;
  }

  get names(): string[] {
    return this.arrivals.map((arrival) => arrival.event.event);
  }

  /** The first arrival that fits, once it is here. */
  async arrival(fits: (event: WebhookEvent) => boolean): Promise<Arrival> {
    for (;;) {
      const found = this.arrivals.find((arrival) => fits(arrival.event));
      if (found !== undefined) return found;
      await once(this.#changed, 'arrival');
    }
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = (await readBody(request)).toString('utf8');
    if (this.refusals-- > 0) {
      response.writeHead(503).end();
      return;
    }
    try {
      const event = await this.receiver.receive(body, request.headers.authorization);
      response.end();
      this.arrivals.push({ event, body, contentType: request.headers['content-type'] });
      this.#changed.emit('arrival');
    } catch {
      response.writeHead(401).end();
    }
  }
}
