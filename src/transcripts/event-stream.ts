import type { Response } from 'express';
import type { Message } from '../../libs/protocol/message.js';

const KEEP_ALIVE_MS = 15_000;
/** It can reconnect with `Last-Event-ID`. */
const STALLED_AFTER_MS = 60_000;

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

  /** Resolves when the reader takes more, or is gone. A reader that takes nothing for too long is disconnected. */
  async send(message: Message): Promise<void> {
    const takesMore = this.response.write(`id: ${message.seq}\ndata: ${JSON.stringify(message)}\n\n`);
    if (takesMore || this.response.destroyed) return;
    const stalled = setTimeout(() => this.response.destroy(), STALLED_AFTER_MS).unref();
    await new Promise<void>((resolve) => {
      this.response.once('drain', resolve).once('close', resolve);
    });
    clearTimeout(stalled);
  }

  end(): void {
    this.response.end();
  }
}
