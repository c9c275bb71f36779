import type { VideoGrant } from 'livekit-server-sdk';
import { accessToken, ApiClient } from '../../libs/sandbox/demo/api-client.js';
import type { EgressSettings } from '../../libs/sandbox/egress/egress-settings.js';
import { startGladiaSandbox, type GladiaSandbox } from '../../libs/sandbox/gladia/gladia-sandbox.js';
import { startLiveKitSandbox, type LiveKitSandbox } from '../../libs/sandbox/livekit/livekit-sandbox.js';
import { createService, type Service } from '../../src/service.js';
import { freePort } from '../free-port.js';

const KEYS = { apiKey: 'devkey', apiSecret: 'a-secret-of-the-medium-tests-only' };
export const ROOM = 'medium';

export interface SessionView {
  readonly id: string;
  readonly room: string;
  readonly status: string;
  readonly tracks: readonly { readonly trackSid: string; readonly state?: string; readonly restarts?: number }[];
  readonly counters: Readonly<Record<string, number>>;
}

export interface ServiceUnderTestOptions {
  readonly variables?: Readonly<Record<string, string>>;
  readonly egress?: Partial<EgressSettings>;
}

/** The whole service in this process, against a LiveKit, an Egress and a Gladia of the sandbox over real sockets. */
export class ServiceUnderTest {
  private constructor(
    readonly livekit: LiveKitSandbox,
    readonly gladia: GladiaSandbox,
    readonly service: Service,
    readonly url: string,
    readonly api: ApiClient,
  ) {}

  static async start({ variables = {}, egress = {} }: ServiceUnderTestOptions = {}): Promise<ServiceUnderTest> {
    const port = await freePort();
    const webhookUrls = [`http://127.0.0.1:${port}/livekit/webhook`];
    const livekit = await startLiveKitSandbox({ ...KEYS, webhookUrls, egress: { latencyMs: 120, ...egress } });
    const gladia = await startGladiaSandbox();
    Object.assign(process.env, {
      NODE_ENV: 'test',
      PORT: String(port),
      LOG_LEVEL: 'error',
      LIVEKIT_API_KEY: KEYS.apiKey,
      LIVEKIT_API_SECRET: KEYS.apiSecret,
      LIVEKIT_HTTP_URL: livekit.url,
      GLADIA_API_KEY: 'test',
      GLADIA_API_URL: gladia.url,
      AUTO_START: 'off',
      SHUTDOWN_GRACE_S: '10',
      EGRESS_WEBSOCKET_BASE_URL: `ws://127.0.0.1:${port}/egress/audio`,
      EGRESS_MAX_CONCURRENT: '10',
      ...variables,
    });
    const service = await createService();
    await service.start();
    const url = `http://127.0.0.1:${port}`;
    return new ServiceUnderTest(livekit, gladia, service, url, await clientOf(url, { roomAdmin: true, room: ROOM }));
  }

  /** A caller with these grants. */
  async client(grant: VideoGrant): Promise<ApiClient> {
    return clientOf(this.url, grant);
  }

  /** Makes a session for the room and puts it live. */
  async live(): Promise<SessionView> {
    const { id } = await this.api.post<SessionView>('/sessions', { room: ROOM });
    await this.api.post(`/sessions/${id}/live`);
    return this.session(id);
  }

  async session(id: string): Promise<SessionView> {
    return this.api.get<SessionView>(`/sessions/${id}`);
  }

  /** Asks until the session is as it should be. @throws Error after `withinMs`. */
  async until(id: string, condition: (session: SessionView) => boolean, withinMs = 10_000): Promise<SessionView> {
    const deadline = Date.now() + withinMs;
    for (;;) {
      const session = await this.session(id);
      if (condition(session)) return session;
      if (Date.now() > deadline) throw new Error(`the session does not get there: ${JSON.stringify(session)}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  async close(): Promise<void> {
    await this.service.app.close();
    await Promise.all([this.livekit.close(), this.gladia.close()]);
  }
}

const clientOf = async (url: string, grant: VideoGrant): Promise<ApiClient> =>
  new ApiClient(url, await accessToken(KEYS.apiKey, KEYS.apiSecret, grant));
