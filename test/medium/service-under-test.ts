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

  /** @param variables beside those that every test needs */
  static async start(
    variables: Readonly<Record<string, string>> = {},
    egress: Partial<EgressSettings> = {},
  ): Promise<ServiceUnderTest> {
    const port = await freePort();
    const webhookUrls = [`http://127.0.0.1:${port}/livekit/webhook`];
    const livekit = await startLiveKitSandbox({ ...KEYS, webhookUrls, egress });
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
      DATABASE_URL: 'file::memory:',
      AUTO_START: 'off',
      // How busy the machine is with other tests is no business of these.
      OVERLOAD_LOOP_PERCENT: '0',
      SHUTDOWN_GRACE_S: '10',
      EGRESS_WEBSOCKET_BASE_URL: `ws://127.0.0.1:${port}/egress/audio`,
      EGRESS_MAX_CONCURRENT: '10',
      ...variables,
    });
    const service = await createService().catch(async (error: unknown) => {
      await Promise.all([livekit.close(), gladia.close()]);
      throw error;
    });
    await service.start();
    const url = `http://127.0.0.1:${port}`;
    const api = new ApiClient(url, await accessToken(KEYS.apiKey, KEYS.apiSecret, { roomAdmin: true, room: ROOM }));
    return new ServiceUnderTest(livekit, gladia, service, url, api);
  }

  async close(): Promise<void> {
    await this.service.app.close();
    await Promise.all([this.livekit.close(), this.gladia.close()]);
  }
}
