import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { built } from './built.mjs';
import { pause } from './pause.mjs';

const { accessToken, ApiClient } = await built('libs/sandbox/demo/api-client.js');
const { GladiaProcess } = await built('libs/sandbox/demo/gladia-process.js');
const { ServiceProcess } = await built('libs/sandbox/demo/service-process.js');
const { startLiveKitSandbox } = await built('libs/sandbox/livekit/livekit-sandbox.js');
const { TUNED_LATENCY_MS } = await built('libs/sandbox/egress/egress-settings.js');

const KEYS = { apiKey: 'devkey', apiSecret: 'a-secret-of-the-fault-tests-only' };

/** The service as it is deployed, in a process of its own, with everything around it played by the sandbox. */
export class World {
  /**
   * `env`: variables beside those that every world has. `latencyMs`: of Egress. `accountSlots`: how many egresses LiveKit
   * allows. `gladia`: options of its stand-in. `logFile`: where the service's lines go.
   */
  static async start({ env = {}, latencyMs = TUNED_LATENCY_MS, accountSlots = Infinity, gladia = {}, logFile } = {}) {
    const world = new World();
    const port = await freePort();
    world.folder = mkdtempSync(join(tmpdir(), 'roomscribe-'));
    world.log = logFile && createWriteStream(logFile);
    world.port = port;
    world.latencyMs = latencyMs;
    world.livekit = await startLiveKitSandbox({
      ...KEYS,
      webhookUrls: [`http://127.0.0.1:${port}/livekit/webhook`],
      egress: { latencyMs },
    });
    world.livekit.egress.faults.accountSlots = accountSlots;
    world.gladia = await GladiaProcess.start(process.cwd());
    await world.gladiaKnob('options', gladia);
    world.databaseFile = join(world.folder, 'roomscribe.db');
    world.env = { ...settings(port, world), ...env };
    const token = await accessToken(KEYS.apiKey, KEYS.apiSecret, { roomCreate: true });
    world.api = new ApiClient(`http://127.0.0.1:${port}`, token);
    await world.startService();
    return world;
  }

  async startService() {
    const onLine = (line) => this.log?.write(`${new Date().toISOString()} ${line}\n`);
    this.service = await ServiceProcess.start({ root: process.cwd(), env: this.env, onLine });
  }

  /** Kills the service without warning and starts it anew, as a supervisor would. */
  async restartService() {
    await this.service.kill();
    await this.startService();
  }

  async freeze(ms) {
    process.kill(this.service.pid, 'SIGSTOP');
    await pause(ms);
    process.kill(this.service.pid, 'SIGCONT');
  }

  /** Turns a knob of the Gladia stand-in: `faults`, `options`, or `sessions/{id}/…`. */
  async gladiaKnob(path, body) {
    const response = await fetch(`${this.gladia.url}/__sandbox/${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      // A connection that is kept open may be closed by the other side just when it is used.
      headers: { 'Content-Type': 'application/json', Connection: 'close' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`the Gladia stand-in answered ${response.status} to ${path}`);
    return response.json();
  }

  /** Does the same to every session that Gladia has. */
  async everyGladiaSession(action, body = {}) {
    for (const { id } of await this.gladiaKnob('sessions')) await this.gladiaKnob(`sessions/${id}/${action}`, body);
  }

  /** The text of `GET /metrics`. */
  async metrics() {
    return (await fetch(`${this.service.url}/metrics`)).text();
  }

  async sessionOf(room) {
    const sessions = await this.api.get('/sessions');
    return sessions.findLast((session) => session.room === room);
  }

  async until(room, condition, withinMs = 30_000) {
    const deadlineMs = Date.now() + withinMs;
    for (;;) {
      const session = await this.sessionOf(room).catch(() => undefined);
      if (session !== undefined && condition(session)) return session;
      if (Date.now() > deadlineMs)
        throw new Error(`the session does not get there: ${JSON.stringify(session?.tracks)}`);
      await pause(100);
    }
  }

  async close() {
    await this.service?.kill();
    await Promise.all([this.livekit?.close(), this.gladia?.close()]);
    this.log?.end();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const settings = (port, { livekit, gladia, databaseFile }) => ({
  PORT: String(port),
  LIVEKIT_API_KEY: KEYS.apiKey,
  LIVEKIT_API_SECRET: KEYS.apiSecret,
  LIVEKIT_HTTP_URL: livekit.url,
  EGRESS_WEBSOCKET_BASE_URL: `ws://127.0.0.1:${port}/egress/audio`,
  EGRESS_MAX_CONCURRENT: '200',
  GLADIA_API_KEY: 'test',
  OVERLOAD_LOOP_PERCENT: '0',
  GLADIA_API_URL: gladia.url,
  DATABASE_URL: `file:${databaseFile}`,
});

export const streaming = (tracks) => (session) =>
  session.tracks.filter(({ state }) => state === 'streaming').length >= tracks;

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}
