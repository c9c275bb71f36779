import type { Response } from 'express';
import type { Message } from '../../libs/protocol/message.js';

const KEEP_ALIVE_MS = 15_000;
/** A reader that is this far behind is disconnected; it reconnects with `Last-Event-ID`. */
const MAX_UNSENT_BYTES = 1_000_000;

/** One reader's server-sent events: each message with `id` = `seq`, and regular comments so that no proxy times out. */
export class EventStream {
  readonly #keepAlive: NodeJS.Timeout;

  constructor(private readonly response: Response) {
    response.writeHead(200, {
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-cache, no-transform',
      Connection: 'keep-alive',
      'X-Accel-Buffering': 'no',
    });
    // A HEAD request gets the headers only.
    if (response.req.method === 'HEAD') response.end();
    else response.write(': roomscribe\n\n');
    this.#keepAlive = setInterval(() => void response.write(': still here\n\n'), KEEP_ALIVE_MS);
    response.on('close', () => clearInterval(this.#keepAlive));
  }

  send(message: Message): void {
    this.response.write(`id: ${message.seq}\ndata: ${JSON.stringify(message)}\n\n`);
    if (this.response.writableLength > MAX_UNSENT_BYTES) this.response.destroy();
  }

  end(): void {
    this.response.end();
  }
}
