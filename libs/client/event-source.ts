import { backoffMs } from './backoff.js';
import { bearer, read, type Credential } from './credential.js';
import { HttpError } from './http-error.js';
import type { Message } from './messages.js';
import { ENDED, type TranscriptState } from './transcript.js';

export interface EventOptions {
  /** The address of a session's event stream, `…/sessions/{id}/events`. */
  readonly events: string;
  /** From `POST …/events/ticket`. Each opens one stream: a function gets another one for each reconnect. */
  readonly ticket?: Credential;
  /** A LiveKit token in place of a ticket. */
  readonly token?: Credential;
}

/** The service sends a comment every 15 s: a stream that is silent for longer is dead. */
const SILENT_MS = 40_000;

/** Feeds a transcript from server-sent events: the whole session, then what comes. It reconnects where it left off. */
export class EventStreamSource {
  readonly #state: TranscriptState;
  readonly #options: EventOptions;
  readonly #ending = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #failures = 0;

  constructor(state: TranscriptState, options: EventOptions) {
    this.#state = state;
    this.#options = options;
    void this.#follow();
  }

  close(): void {
    this.#ending.abort();
    clearTimeout(this.#timer);
  }

  async #follow(): Promise<void> {
    const state = this.#state;
    let retryAfterMs = 0;
    const isOver = (): boolean => this.#ending.signal.aborted || state.hasEnded;
    try {
      const response = await this.#open();
      this.#failures = 0;
      state.connection(response.status === 204 ? ENDED : undefined);
      for await (const messages of this.#messagesIn(response)) state.take(messages);
    } catch (error) {
      if (isOver()) return;
      clearTimeout(this.#timer);
      retryAfterMs = state.fail(error);
    }
    if (!isOver())
      this.#timer = setTimeout(() => void this.#follow(), Math.max(backoffMs(this.#failures++), retryAfterMs));
  }

  async #open(): Promise<Response> {
    const { events, ticket, token } = this.#options;
    const url = ticket === undefined ? events : `${events}?ticket=${encodeURIComponent(await read(ticket))}`;
    const headers = { ...(await bearer(token)), 'Last-Event-ID': `${this.#state.sequence.highest}` };
    const response = await fetch(url, { headers, signal: this.#ending.signal });
    if (!response.ok) throw new HttpError(response);
    return response;
  }

  /** The messages of a `text/event-stream` body, as many at once as came at once. @throws when the stream breaks or stalls */
  async *#messagesIn({ body }: Response): AsyncGenerator<Message[]> {
    const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
    for (let unread = ''; reader;) {
      this.#timer = setTimeout(() => void reader.cancel(), SILENT_MS);
      const { done, value } = await reader.read();
      clearTimeout(this.#timer);
      if (done) return;
      const events = (unread + value).split('\n\n');
      unread = events.pop() ?? '';
      yield events.flatMap((event) => {
        // An event with a name is about the stream, such as why it ends.
        const data = event.startsWith('event:') ? undefined : /^data: (.*)/m.exec(event)?.[1];
        return data ? [JSON.parse(data) as Message] : [];
      });
    }
  }
}
