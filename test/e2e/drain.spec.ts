import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { decode } from '../../libs/protocol/codec.js';
import type { Message, TranscriptMessage } from '../../libs/protocol/message.js';
import { accessToken, ApiClient } from '../../libs/sandbox/demo/api-client.js';
import { ServiceProcess } from '../../libs/sandbox/demo/service-process.js';
import { differences } from '../../libs/sandbox/demo/verdict.js';
import { GladiaProcess } from '../../libs/sandbox/demo/gladia-process.js';
import { startLiveKitSandbox, type LiveKitSandbox } from '../../libs/sandbox/livekit/livekit-sandbox.js';
import { loadRecordings } from '../../libs/sandbox/recordings/catalogue.js';
import { freePort } from '../free-port.js';

const KEYS = { apiKey: 'devkey', apiSecret: 'a-secret-of-the-drain-test-only' };
const ROOM = 'drain';

describe('SIGTERM', () => {
  let livekit: LiveKitSandbox;
  let gladia: GladiaProcess;
  let service: ServiceProcess;

  beforeEach(async () => {
    const port = await freePort();
    // Egress with its default settings holds back three seconds of sound when it is stopped.
    livekit = await startLiveKitSandbox({ ...KEYS, webhookUrls: [`http://127.0.0.1:${port}/livekit/webhook`] });
    gladia = await GladiaProcess.start(process.cwd());
    service = await ServiceProcess.start({
      root: process.cwd(),
      env: {
        PORT: String(port),
        LIVEKIT_API_KEY: KEYS.apiKey,
        LIVEKIT_API_SECRET: KEYS.apiSecret,
        LIVEKIT_HTTP_URL: livekit.url,
        EGRESS_WEBSOCKET_BASE_URL: `ws://127.0.0.1:${port}/egress/audio`,
        GLADIA_API_KEY: 'test',
        GLADIA_API_URL: gladia.url,
      },
    });
  });
  afterEach(async () => {
    await service.kill();
    await Promise.all([livekit.close(), gladia.close()]);
  });

  it('turns readiness off, stops Egress, publishes the last words, and ends the process with 0', async () => {
    const alice = livekit.room(ROOM).join({ identity: 'alice', name: 'Alice' });
    const microphone = alice.publish();
    const api = new ApiClient(
      service.url,
      await accessToken(KEYS.apiKey, KEYS.apiSecret, { roomAdmin: true, room: ROOM }),
    );
    await untilStreaming(api);
    const sentence = loadRecordings().find(({ id }) => id === 'alice-2')!;
    await microphone.say(sentence);

    const exit = service.stop();
    await untilNotReady(service.url);
    expect((await fetch(`${service.url}/health/live`)).status).toBe(200);
    expect(await exit).toBe(0);

    const messages: Message[] = alice.received.map(({ payload }) => decode(payload));
    const finals = messages.filter(
      (message): message is TranscriptMessage => message.type === 'transcript' && message.final,
    );
    expect(differences([sentence], finals)).toEqual([]);
    expect(messages.at(-1)).toMatchObject({ type: 'status', status: 'ended' });
    expect(livekit.egress.list({ active: true })).toEqual([]);
    alice.leave();
  });
});

interface SessionView {
  readonly tracks: readonly { readonly state?: string }[];
}

async function untilStreaming(api: ApiClient): Promise<void> {
  const deadline = Date.now() + 15_000;
  for (;;) {
    const [session] = await api.get<SessionView[]>('/sessions');
    if (session?.tracks[0]?.state === 'streaming') return;
    if (Date.now() > deadline) throw new Error('the track does not stream');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function untilNotReady(url: string): Promise<void> {
  while ((await fetch(`${url}/health/ready`)).status !== 503) await new Promise((resolve) => setTimeout(resolve, 50));
}
