import { createWriteStream, mkdtempSync, rmSync, type WriteStream } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { accessToken, ApiClient } from '../../libs/sandbox/demo/api-client.js';
import { GladiaProcess } from '../../libs/sandbox/demo/gladia-process.js';
import { ServiceProcess } from '../../libs/sandbox/demo/service-process.js';
import { TUNED_LATENCY_MS } from '../../libs/sandbox/egress/egress-settings.js';
import type { Faults } from '../../libs/sandbox/gladia/faults.js';
import type { SessionInspection } from '../../libs/sandbox/gladia/control-api.js';
import type { GladiaSandboxOptions } from '../../libs/sandbox/gladia/options.js';
import { startLiveKitSandbox, type LiveKitSandbox } from '../../libs/sandbox/livekit/livekit-sandbox.js';
import { freePort } from '../free-port.js';
import type { Received } from './talking-room.js';

export interface WorldOptions {
  /** Variables beside those that every world has. */
  readonly env?: Readonly<Record<string, string>>;
  /** Of Egress. */
  readonly latencyMs?: number;
  /** How many egresses LiveKit allows. */
  readonly accountSlots?: number;
  /** Options of the fake Gladia. */
  readonly gladia?: Partial<GladiaSandboxOptions>;
  /** Where the service's log lines go. */
  readonly logFile?: string | undefined;
}

/** What the tests read of a session in `GET /sessions`. */
export interface SessionView {
  readonly id: string;
  readonly room: string;
  readonly tracks: readonly { readonly state?: string }[];
}

/** What is done to the sockets of a Gladia session; a `close` without a code cuts the connection. */
export type GladiaAction =
  | { readonly action: 'close'; readonly code?: number }
  | { readonly action: 'silence' }
  | { readonly action: 'pause'; readonly ms: number }
  | { readonly action: 'send'; readonly text: string };

const KEYS = { apiKey: 'devkey', apiSecret: 'a-secret-of-the-fault-tests-only' };
/** The package's folder: npm runs the tests there. */
const ROOT = process.cwd();

/** Everything around the service, and where the service keeps its data. */
interface Surroundings {
  readonly port: number;
  readonly folder: string;
  readonly latencyMs: number;
  readonly livekit: LiveKitSandbox;
  readonly gladia: GladiaProcess;
  readonly api: ApiClient;
  readonly env: Readonly<Record<string, string>>;
  readonly log: WriteStream | undefined;
}

/** The service as it is deployed, in a process of its own; the sandbox in place of LiveKit and Gladia. */
export class World {
  readonly port: number;
  readonly latencyMs: number;
  readonly livekit: LiveKitSandbox;
  readonly api: ApiClient;
  readonly #around: Surroundings;
  #service: ServiceProcess;

  private constructor(around: Surroundings, service: ServiceProcess) {
    this.port = around.port;
    this.latencyMs = around.latencyMs;
    this.livekit = around.livekit;
    this.api = around.api;
    this.#around = around;
    this.#service = service;
  }

  static async start(options: WorldOptions = {}): Promise<World> {
    const around = await surroundings(options);
    try {
      const service = await startService(around);
      const world = new World(around, service);
      await world.setGladiaOptions(options.gladia ?? {});
      return world;
    } catch (error) {
      await closeSurroundings(around);
      throw error;
    }
  }

  get pid(): number {
    return this.#service.pid;
  }

  get databaseFile(): string {
    return databaseIn(this.#around.folder);
  }

  /** Kills the service without warning and starts it again, as a supervisor would. */
  async restartService(): Promise<void> {
    await this.#service.kill();
    this.#service = await startService(this.#around);
  }

  /** Stops the whole process for a while. */
  async freeze(ms: number): Promise<void> {
    process.kill(this.pid, 'SIGSTOP');
    await sleep(ms);
    process.kill(this.pid, 'SIGCONT');
  }

  async setGladiaOptions(options: Partial<GladiaSandboxOptions>): Promise<void> {
    await this.#gladia('options', options);
  }

  /** Plans faults for the next calls of Gladia's API. */
  async planGladiaFaults(faults: Partial<Faults>): Promise<void> {
    await this.#gladia('faults', faults);
  }

  async gladiaSessions(): Promise<SessionInspection[]> {
    return (await this.#gladia('sessions')) as SessionInspection[];
  }

  async toGladiaSession(id: string, { action, ...body }: GladiaAction): Promise<void> {
    await this.#gladia(`sessions/${id}/${action}`, body);
  }

  async toEveryGladiaSession(action: GladiaAction): Promise<void> {
    for (const { id } of await this.gladiaSessions()) await this.toGladiaSession(id, action);
  }

  /** The text of `GET /metrics`. */
  async metrics(): Promise<string> {
    return (await fetch(`${this.#service.url}/metrics`)).text();
  }

  /** How many finals of the service's own transcript never came to the room. */
  async undelivered(sessionId: string, received: readonly Received[]): Promise<number> {
    const transcript = await this.api.get<{ readonly seq: number }[]>(`/sessions/${sessionId}/transcript`);
    const seqs = new Set(received.map(({ message }) => message.seq));
    return transcript.filter(({ seq }) => !seqs.has(seq)).length;
  }

  /** Resolves with the session of a room as soon as it fulfils the condition. @throws Error when it does not in time */
  async until(room: string, condition: (session: SessionView) => boolean, withinMs = 30_000): Promise<SessionView> {
    const deadlineMs = Date.now() + withinMs;
    for (;;) {
      const session = await this.#sessionOf(room).catch(() => undefined);
      if (session !== undefined && condition(session)) return session;
      if (Date.now() > deadlineMs)
        throw new Error(`the session does not reach the expected state: ${JSON.stringify(session?.tracks)}`);
      await sleep(100);
    }
  }

  async close(): Promise<void> {
    await this.#service.kill();
    await closeSurroundings(this.#around);
  }

  async #sessionOf(room: string): Promise<SessionView | undefined> {
    const sessions = await this.api.get<SessionView[]>('/sessions');
    return sessions.findLast((session) => session.room === room);
  }

  /** Calls the control API of the fake Gladia. */
  async #gladia(path: string, body?: object): Promise<unknown> {
    const response = await fetch(`${this.#around.gladia.url}/__sandbox/${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      // A connection that is kept alive may be closed by the other side at the moment of its next use.
      headers: { 'Content-Type': 'application/json', Connection: 'close' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`the fake Gladia answered ${response.status} to ${path}`);
    return response.json();
  }
}

async function surroundings(options: WorldOptions): Promise<Surroundings> {
  const { env = {}, latencyMs = TUNED_LATENCY_MS, accountSlots = Infinity, logFile } = options;
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'roomscribe-'));
  const livekit = await startLiveKitSandbox({
    ...KEYS,
    webhookUrls: [`http://127.0.0.1:${port}/livekit/webhook`],
    egress: { latencyMs },
  });
  livekit.egress.faults.accountSlots = accountSlots;
  const gladia = await GladiaProcess.start(ROOT);
  const token = await accessToken(KEYS.apiKey, KEYS.apiSecret, { roomCreate: true });
  return {
    port,
    folder,
    latencyMs,
    livekit,
    gladia,
    api: new ApiClient(`http://127.0.0.1:${port}`, token),
    env: { ...settings(port, livekit.url, gladia.url, folder), ...env },
    log: logFile === undefined ? undefined : createWriteStream(logFile),
  };
}

const startService = ({ env, log }: Surroundings): Promise<ServiceProcess> =>
  ServiceProcess.start({
    root: ROOT,
    env,
    onLine: (line) => log?.write(`${new Date().toISOString()} ${line}\n`),
  });

async function closeSurroundings({ livekit, gladia, log, folder }: Surroundings): Promise<void> {
  await Promise.all([livekit.close(), gladia.close()]);
  log?.end();
  rmSync(folder, { recursive: true, force: true });
}

const settings = (port: number, livekitUrl: string, gladiaUrl: string, folder: string): Record<string, string> => ({
  PORT: String(port),
  LIVEKIT_API_KEY: KEYS.apiKey,
  LIVEKIT_API_SECRET: KEYS.apiSecret,
  LIVEKIT_HTTP_URL: livekitUrl,
  EGRESS_WEBSOCKET_BASE_URL: `ws://127.0.0.1:${port}/egress/audio`,
  EGRESS_MAX_CONCURRENT: '200',
  GLADIA_API_KEY: 'test',
  OVERLOAD_LOOP_PERCENT: '0',
  GLADIA_API_URL: gladiaUrl,
  DATABASE_URL: `file:${databaseIn(folder)}`,
});

const databaseIn = (folder: string): string => join(folder, 'roomscribe.db');

/** Whether so many tracks of a session are streaming. */
export const streaming =
  (tracks: number) =>
  (session: SessionView): boolean =>
    session.tracks.filter(({ state }) => state === 'streaming').length >= tracks;
