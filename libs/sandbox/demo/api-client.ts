import { AccessToken, type VideoGrant } from 'livekit-server-sdk';
import { messageSchema, type Message } from '../../protocol/message.js';

/** A caller of the service's API, as a back end would be one. */
export class ApiClient {
  constructor(
    private readonly url: string,
    private readonly token: string,
  ) {}

  async post<T>(path: string, body: object = {}): Promise<T> {
    const response = await this.#fetch(path, { method: 'POST', body: JSON.stringify(body) });
    return (await response.json()) as T;
  }

  /** What is at a path; of a list that comes in pages, all of them. */
  async get<T>(path: string): Promise<T> {
    const response = await this.#fetch(path, {});
    const next = /^<([^>]+)>; rel="next"$/.exec(response.headers.get('link') ?? '')?.[1];
    const body = (await response.json()) as T;
    if (next === undefined || !Array.isArray(body)) return body;
    const { pathname, search } = new URL(next, response.url);
    return [...(body as unknown[]), ...(await this.get<unknown[]>(pathname + search))] as T;
  }

  /** The session's messages as they come, until its last one or until the signal aborts. */
  async *events(sessionId: string, signal: AbortSignal): AsyncGenerator<Message> {
    const response = await this.#fetch(`/sessions/${sessionId}/events`, { signal });
    let rest = '';
    for await (const text of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      const blocks = (rest + text).split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) {
        const data = /^data: (.*)$/m.exec(block)?.[1];
        if (data !== undefined) yield messageSchema.parse(JSON.parse(data));
      }
    }
  }

  async #fetch(path: string, init: RequestInit): Promise<Response> {
    const headers = { Authorization: `Bearer ${this.token}`, 'Content-Type': 'application/json' };
    const response = await fetch(`${this.url}${path}`, { ...init, headers });
    if (!response.ok)
      throw new Error(`${init.method ?? 'GET'} ${path} answered ${response.status}: ${await response.text()}`);
    return response;
  }
}

/** A LiveKit access token with these grants, good for a day. */
export async function accessToken(apiKey: string, apiSecret: string, grant: VideoGrant): Promise<string> {
  const token = new AccessToken(apiKey, apiSecret, { identity: 'demo', ttl: '1d' });
  token.addGrant(grant);
  return token.toJwt();
}
