import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AccessToken } from 'livekit-server-sdk';
import { messageSchema, type Message } from '../../../libs/protocol/message.js';
import { freePort } from '../../free-port.js';
import { ROOT } from '../machine.js';
import { SubjectProcess } from './subject-process.js';

export interface ServiceOptions {
  readonly livekitUrl: string;
  readonly gladiaUrl: string;
  /** The one on which it runs; undefined: any. */
  readonly processor: string | undefined;
  readonly nodeOptions?: readonly string[];
  /** Variables beside those that every service here has. */
  readonly env?: Readonly<Record<string, string>>;
}

/** What the bench reads of a session in `GET /sessions`. */
export interface SessionView {
  readonly id: string;
  readonly tracks: readonly { readonly frames: number; readonly buffer: { readonly bufferedMs: number } }[];
  readonly counters: { readonly backlogMs: number };
}

const KEYS = { LIVEKIT_API_KEY: 'bench', LIVEKIT_API_SECRET: 'a-secret-that-only-the-bench-knows-32' };
const CALLS_AT_ONCE = 8;
/** The history comes at once; later messages are new. */
const HISTORY_WITHIN_MS = 1_000;

/** The service as it is deployed, `node dist/main.js`, changed by nothing but variables. */
export class Service {
  private constructor(
    private readonly process: SubjectProcess,
    private readonly url: string,
    private readonly token: string,
  ) {}

  static async start(options: ServiceOptions): Promise<Service> {
    const { processor, nodeOptions = [], env = {} } = options;
    const port = await freePort();
    const service = new SubjectProcess([process.execPath, ...nodeOptions, 'dist/main.js'], {
      processor,
      cwd: ROOT,
      env: { PATH: process.env['PATH'], ...KEYS, ...settings(port, options), ...env },
    });
    const token = await controlToken();
    await service.listens(port);
    return new Service(service, `http://127.0.0.1:${port}`, token);
  }

  get pid(): number {
    return this.process.pid;
  }

  /** The match in what the process printed. */
  printed(pattern: RegExp): RegExpExecArray | undefined {
    return this.process.printed(pattern);
  }

  /** Makes a session for each room and puts it live. */
  async goLive(rooms: readonly string[]): Promise<void> {
    const waiting = [...rooms];
    const work = async (): Promise<void> => {
      for (let room = waiting.shift(); room !== undefined; room = waiting.shift()) await this.#live(room);
    };
    await Promise.all(Array.from({ length: CALLS_AT_ONCE }, work));
  }

  /** One value of `GET /metrics`. */
  async metric(name: string): Promise<number> {
    const text = await (await fetch(`${this.url}/metrics`)).text();
    return Number(new RegExp(`^${name} (.+)$`, 'm').exec(text)?.[1]);
  }

  /** Every session, as `GET /sessions` shows them. */
  async sessions(): Promise<SessionView[]> {
    return (await (await this.#get('/sessions?limit=1000')).json()) as SessionView[];
  }

  /** Every message that a session has published until now. */
  async messagesOf(id: string): Promise<Message[]> {
    const { body } = await this.#get(`/sessions/${id}/events`, { 'last-event-id': '0' });
    if (body === null) throw new Error('the events have no body');
    const messages: Message[] = [];
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    const end = setTimeout(() => void reader.cancel(), HISTORY_WITHIN_MS);
    for (let text = ''; ;) {
      const { done, value } = await reader.read();
      if (done) break;
      const lines = (text + value).split('\n');
      text = lines.pop() ?? '';
      const data = lines.filter((line) => line.startsWith('data: '));
      messages.push(...data.map((line) => messageSchema.parse(JSON.parse(line.slice(6)))));
    }
    clearTimeout(end);
    return messages;
  }

  stop(): Promise<void> {
    return this.process.stop();
  }

  async #get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
    const response = await fetch(`${this.url}${path}`, {
      headers: { authorization: `Bearer ${this.token}`, ...headers },
    });
    if (!response.ok) throw new Error(`GET ${path} was answered with ${response.status}`);
    return response;
  }

  async #live(room: string): Promise<void> {
    const { id } = (await this.#post('/sessions', { room })) as { id: string };
    await this.#post(`/sessions/${id}/live`, {});
  }

  async #post(path: string, body: object): Promise<unknown> {
    const headers = { authorization: `Bearer ${this.token}`, 'content-type': 'application/json' };
    const response = await fetch(`${this.url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`POST ${path} was answered with ${response.status}`);
    return response.json();
  }
}

function settings(port: number, { livekitUrl, gladiaUrl }: ServiceOptions): Record<string, string> {
  return {
    NODE_ENV: 'test',
    PORT: String(port),
    LOG_LEVEL: 'error',
    LIVEKIT_HTTP_URL: livekitUrl,
    GLADIA_API_KEY: 'bench',
    GLADIA_API_URL: gladiaUrl,
    OVERLOAD_LOOP_PERCENT: '0',
    EGRESS_WEBSOCKET_BASE_URL: `ws://127.0.0.1:${port}/egress/audio`,
    EGRESS_MAX_CONCURRENT: '10000',
    AUTO_START: 'off',
    AUDIO_SOURCE: 'egress',
    DATABASE_URL: `file:${join(ownFolder(), 'roomscribe.db')}`,
  };
}

/** For a database as it is deployed, that no other run finds. */
function ownFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'roomscribe-bench-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function controlToken(): Promise<string> {
  const token = new AccessToken(KEYS.LIVEKIT_API_KEY, KEYS.LIVEKIT_API_SECRET, { identity: 'bench', ttl: '1h' });
  token.addGrant({ roomCreate: true });
  return token.toJwt();
}
