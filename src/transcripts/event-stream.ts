import type { Response } from 'express';
import type { Message } from '../../libs/protocol/message.js';

const KEEP_ALIVE_MS = 15_000;
/** A reader that takes nothing for so long is disconnected. It can reconnect with `Last-Event-ID`. */
const STALLED_AFTER_MS = 60_000;
/** How long a reader has to take the last event. */
const LINGER_MS = 5_000;

/** Why a stream ends before its session does; a code of the API's errors, or `too_slow`. */
export type CloseCode = 'unauthorized' | 'forbidden' | 'too_slow';

const CLOSE_REASONS: Readonly<Record<CloseCode, string>> = {
  unauthorized: 'the access token has expired: open the stream again with a new one',
  forbidden: 'you may not read this session any more',
  too_slow: 'you take less than is said: open the stream again with Last-Event-ID',
};

/** The event of a message, by the message: it is written once for all of a session's readers. */
const events = new WeakMap<Message, string>();

function eventOf(message: Message): string {
  const known = events.get(message);
  if (known !== undefined) return known;
  const event = `id: ${message.seq}\ndata: ${JSON.stringify(message)}\n\n`;
  events.set(message, event);
  return event;
}

/** One reader's server-sent events: each message with `id` = `seq`, and regular comments so that no proxy times out. */
export class EventStream {
  readonly #keepAlive: NodeJS.Timeout;
  #closed = false;

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

  /** Whether it was closed, or its reader is gone. */
  get closed(): boolean {
    return this.#closed || this.response.destroyed;
  }

  /** Resolves when the reader takes more, or is gone. */
  async send(message: Message): Promise<void> {
    if (this.closed) return;
    const takesMore = this.response.write(eventOf(message));
    if (takesMore || this.response.destroyed) return;
    const stalled = setTimeout(() => this.close('too_slow'), STALLED_AFTER_MS).unref();
    await new Promise<void>((resolve) => {
      this.response.once('drain', resolve).once('close', resolve);
    });
    clearTimeout(stalled);
  }

  /** Ends the stream with an event `close` that says why. Idempotent. */
  close(code: CloseCode): void {
    if (this.closed) return;
    this.#end(`event: close\ndata: ${JSON.stringify({ code, detail: CLOSE_REASONS[code] })}\n\n`);
  }

  /** Ends the stream: the session is over. */
  end(): void {
    if (!this.closed) this.#end();
  }

  #end(last = ''): void {
    this.#closed = true;
    clearInterval(this.#keepAlive);
    this.response.end(last);
    const gone = setTimeout(() => this.response.destroy(), LINGER_MS).unref();
    this.response.once('close', () => clearTimeout(gone));
  }
}
