import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { accessToken, ApiClient } from '../../libs/sandbox/demo/api-client.js';
import { GladiaProcess } from '../../libs/sandbox/demo/gladia-process.js';
import { ServiceProcess, type ServiceProcessOptions } from '../../libs/sandbox/demo/service-process.js';
import type { EgressSettings } from '../../libs/sandbox/egress/egress-settings.js';
import { startLiveKitSandbox, type LiveKitSandbox } from '../../libs/sandbox/livekit/livekit-sandbox.js';
import { freePort } from '../free-port.js';

const KEYS = { apiKey: 'devkey', apiSecret: 'a-secret-of-the-end-to-end-tests-only' };
const WITHIN_MS = 15_000;
export const ROOM = 'end-to-end';

export interface SessionView {
  readonly room: string;
  readonly id: string;
  readonly status: string;
  readonly tracks: readonly { readonly state?: string; readonly restarts?: number }[];
  readonly counters: Readonly<Record<string, number>>;
}

/** The service as it is deployed, in a process of its own, against the sandbox. */
export class SandboxedService {
  private constructor(
    readonly livekit: LiveKitSandbox,
    readonly gladia: GladiaProcess,
    public service: ServiceProcess,
    readonly api: ApiClient,
    /** Of who may do everything, and talk in the room. */
    readonly token: string,
    readonly options: ServiceProcessOptions,
    /** What the service keeps. */
    readonly folder: string,
  ) {}

  /** @param variables beside those that every test needs */
  static async start(
    egress: Partial<EgressSettings> = {},
    variables: Readonly<Record<string, string>> = {},
  ): Promise<SandboxedService> {
    const port = await freePort();
    const webhookUrls = [`http://127.0.0.1:${port}/livekit/webhook`];
    const livekit = await startLiveKitSandbox({ ...KEYS, webhookUrls, egress });
    const gladia = await GladiaProcess.start(process.cwd());
    const folder = mkdtempSync(join(tmpdir(), 'roomscribe-'));
    const options = {
      root: process.cwd(),
      env: {
        PORT: String(port),
        LIVEKIT_API_KEY: KEYS.apiKey,
        LIVEKIT_API_SECRET: KEYS.apiSecret,
        LIVEKIT_HTTP_URL: livekit.url,
        EGRESS_WEBSOCKET_BASE_URL: `ws://127.0.0.1:${port}/egress/audio`,
        GLADIA_API_KEY: 'test',
        // How busy the machine is with other tests is no business of these.
        OVERLOAD_LOOP_PERCENT: '0',
        GLADIA_API_URL: gladia.url,
        DATABASE_URL: `file:${join(folder, 'roomscribe.db')}`,
        ...variables,
      },
    };
    const service = await ServiceProcess.start(options);
    const grant = { roomCreate: true, roomAdmin: true, roomJoin: true, room: ROOM };
    const token = await accessToken(KEYS.apiKey, KEYS.apiSecret, grant);
    return new SandboxedService(livekit, gladia, service, new ApiClient(service.url, token), token, options, folder);
  }

  /** A client with roomAdmin on another room. */
  async adminOf(room: string): Promise<ApiClient> {
    return new ApiClient(this.service.url, await accessToken(KEYS.apiKey, KEYS.apiSecret, { roomAdmin: true, room }));
  }

  /** Kills the service without warning and starts it anew, as a supervisor would. */
  async restart(): Promise<void> {
    await this.service.kill();
    this.service = await ServiceProcess.start(this.options);
  }

  /** The id of the session that the room's webhook began, when so many of its tracks stream. */
  async streamingSession(tracks = 1): Promise<string> {
    const streaming = (session: SessionView): boolean =>
      session.tracks.filter(({ state }) => state === 'streaming').length === tracks;
    return (await this.until(streaming)).id;
  }

  /** The room's session, as soon as it is as it should be. @throws Error when it does not get there. */
  async until(condition: (session: SessionView) => boolean): Promise<SessionView> {
    const deadline = Date.now() + WITHIN_MS;
    for (;;) {
      const [session] = await this.api.get<SessionView[]>('/sessions');
      if (session !== undefined && condition(session)) return session;
      if (Date.now() > deadline) throw new Error(`the session does not get there: ${JSON.stringify(session)}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  async close(): Promise<void> {
    await this.service.kill();
    await Promise.all([this.livekit.close(), this.gladia.close()]);
    rmSync(this.folder, { recursive: true, force: true });
  }
}
