import { bearer, type Credential } from './credential.js';
import { HttpError } from './http-error.js';
import type { Message } from './messages.js';

const PAGE = 1_000;

/** Reads from the service's API over HTTP. Every method rejects with HttpError, or with what `fetch` throws. */
export class History {
  readonly #api: string;
  readonly #token: Credential | undefined;
  readonly #signal: AbortSignal;

  constructor(api: string, token: Credential | undefined, signal: AbortSignal) {
    this.#api = api.replace(/\/$/, '');
    this.#token = token;
    this.#signal = signal;
  }

  /** The session that runs in a room; undefined where there is none. */
  async sessionOf(room: string): Promise<string | undefined> {
    const response = await this.#get(`rooms/${encodeURIComponent(room)}/session`);
    return response && ((await response.json()) as { id: string }).id;
  }

  /** Every message of a session numbered above `after`, page by page; none of a session that is not kept. */
  async *messages(sessionId: string, after: number): AsyncGenerator<readonly Message[]> {
    for (let last = after, more = true; more;) {
      const path = `sessions/${encodeURIComponent(sessionId)}/messages?after=${last}&limit=${PAGE}`;
      const response = await this.#get(path);
      const page = response ? ((await response.json()) as Message[]) : [];
      yield page;
      last = page.at(-1)?.seq ?? last;
      more = page.length > 0 && /rel="?next/.test(response?.headers.get('Link') ?? '');
    }
  }

  /** @returns undefined where there is nothing */
  async #get(path: string): Promise<Response | undefined> {
    const headers = await bearer(this.#token);
    const response = await fetch(`${this.#api}/${path}`, { headers, signal: this.#signal });
    if (response.status === 404) return undefined;
    if (!response.ok) throw new HttpError(response);
    return response;
  }
}
