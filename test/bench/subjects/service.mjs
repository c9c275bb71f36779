import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AccessToken } from 'livekit-server-sdk';
import { freePort } from './free-port.mjs';
import { SubjectProcess } from './subject-process.mjs';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const KEYS = { LIVEKIT_API_KEY: 'bench', LIVEKIT_API_SECRET: 'a-secret-that-only-the-bench-knows-32' };
const CALLS_AT_ONCE = 8;
/** The history comes at once; what follows are messages of now. */
const HISTORY_WITHIN_MS = 1_000;

/** The service as it is deployed, `node dist/main.js`, changed by nothing but variables. */
export class Service {
  #process;
  #url;
  #token;

  static async start({ livekitUrl, gladiaUrl, processor, nodeOptions = [], env = {} }) {
    const service = new Service();
    const port = await freePort();
    service.#url = `http://127.0.0.1:${port}`;
    service.#process = new SubjectProcess([process.execPath, ...nodeOptions, 'dist/main.js'], {
      processor,
      cwd: ROOT,
      env: { PATH: process.env.PATH, ...KEYS, ...settings(port, livekitUrl, gladiaUrl), ...env },
    });
    service.#token = await controlToken();
    return service.#listening(port);
  }

  async #listening(port) {
    await this.#process.listens(port);
    return this;
  }

  get pid() {
    return this.#process.pid;
  }

  /** The match in what the process printed. */
  printed(pattern) {
    return this.#process.printed(pattern);
  }

  /** Makes a session for each room and puts it live; resolves with the session ids, in the order of the rooms. */
  async goLive(rooms) {
    const ids = new Map();
    const waiting = [...rooms];
    const work = async () => {
      for (let room = waiting.shift(); room !== undefined; room = waiting.shift())
        ids.set(room, await this.#live(room));
    };
    await Promise.all(Array.from({ length: CALLS_AT_ONCE }, work));
    return rooms.map((room) => ids.get(room));
  }

  /** One value of `GET /metrics`. */
  async metric(name) {
    const text = await (await fetch(`${this.#url}/metrics`)).text();
    return Number(new RegExp(`^${name} (.+)$`, 'm').exec(text)?.[1]);
  }

  /** Every session, as `GET /sessions` shows them. */
  async sessions() {
    return (await this.#get('/sessions?limit=1000')).json();
  }

  /** Every message that a session has told until now. */
  async messagesOf(id) {
    const { body } = await this.#get(`/sessions/${id}/events`, { 'last-event-id': '0' });
    const messages = [];
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    const end = setTimeout(() => void reader.cancel(), HISTORY_WITHIN_MS);
    for (let text = ''; ;) {
      const { done, value } = await reader.read();
      if (done) break;
      const lines = (text + value).split('\n');
      text = lines.pop();
      messages.push(...lines.filter((line) => line.startsWith('data: ')).map((line) => JSON.parse(line.slice(6))));
    }
    clearTimeout(end);
    return messages;
  }

  stop() {
    return this.#process.stop();
  }

  async #get(path, headers = {}) {
    const response = await fetch(`${this.#url}${path}`, {
      headers: { authorization: `Bearer ${this.#token}`, ...headers },
    });
    if (!response.ok) throw new Error(`GET ${path} was answered with ${response.status}`);
    return response;
  }

  async #live(room) {
    const { id } = await this.#post('/sessions', { room });
    await this.#post(`/sessions/${id}/live`, {});
    return id;
  }

  async #post(path, body) {
    const headers = { authorization: `Bearer ${this.#token}`, 'content-type': 'application/json' };
    const response = await fetch(`${this.#url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`POST ${path} was answered with ${response.status}`);
    return response.json();
  }
}

function settings(port, livekitUrl, gladiaUrl) {
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
function ownFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'roomscribe-bench-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function controlToken() {
  const token = new AccessToken(KEYS.LIVEKIT_API_KEY, KEYS.LIVEKIT_API_SECRET, { identity: 'bench', ttl: '1h' });
  token.addGrant({ roomCreate: true });
  return token.toJwt();
}
