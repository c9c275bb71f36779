import { randomBytes } from 'node:crypto';
import type { Message, TranscriptMessage } from '../../protocol/message.js';
import { TUNED_LATENCY_MS } from '../egress/egress-settings.js';
import { startLiveKitSandbox, type LiveKitSandbox } from '../livekit/livekit-sandbox.js';
import { accessToken, ApiClient } from './api-client.js';
import { castIdentities, play } from './cast.js';
import { DemoRoom } from './demo-room.js';
import { GladiaProcess } from './gladia-process.js';
import { ServiceProcess } from './service-process.js';
import type { Sentence } from './verdict.js';

const ROOM = 'demo';
const STREAMING_WITHIN_MS = 15_000;

export interface DemoOptions {
  readonly root: string;
  readonly port: number;
  readonly onMessage: (message: Message) => void;
  /** Lines that the service prints, for who wants to see them. */
  readonly onServiceLine?: (line: string) => void;
}

export interface DemoResult {
  readonly said: readonly Sentence[];
  /** The transcripts that a listener in the room received on the data channel. */
  readonly transcripts: readonly TranscriptMessage[];
  /** The numbers of all messages that came to everybody. */
  readonly seqs: readonly number[];
}

interface SessionView {
  readonly id: string;
  readonly status: string;
  readonly tracks: readonly { readonly state?: string }[];
}

/** The whole line on one machine: a scripted room, Egress and Gladia from the sandbox, and the service as it is deployed. */
export class Demo {
  readonly #following = new AbortController();
  readonly #said: Sentence[] = [];
  #followed: Promise<void> = Promise.resolve();

  private constructor(
    private readonly options: DemoOptions,
    private readonly livekit: LiveKitSandbox,
    private readonly gladia: GladiaProcess,
    private readonly service: ServiceProcess,
    private readonly room: DemoRoom,
    private readonly api: ApiClient,
    private readonly session: SessionView,
  ) {}

  static async start(options: DemoOptions): Promise<Demo> {
    const keys = { apiKey: 'demo', apiSecret: randomBytes(24).toString('hex') };
    const livekit = await startLiveKitSandbox({
      ...keys,
      webhookUrls: [`http://127.0.0.1:${options.port}/livekit/webhook`],
      egress: { latencyMs: TUNED_LATENCY_MS },
    });
    const gladia = await GladiaProcess.start(options.root);
    const service = await startService(options, livekit.url, gladia.url, keys);
    const room = new DemoRoom(livekit, ROOM);
    const token = await accessToken(keys.apiKey, keys.apiSecret, { roomAdmin: true, room: ROOM });
    const api = new ApiClient(service.url, token);
    const session = await api.post<SessionView>('/sessions', { room: ROOM });
    const demo = new Demo(options, livekit, gladia, service, room, api, session);
    demo.#followed = demo.#follow();
    await api.post(`/sessions/${session.id}/live`);
    await demo.#everybodyStreams();
    return demo;
  }

  /** Plays the conversation once. */
  async converse(signal: AbortSignal): Promise<void> {
    this.#said.push(...(await play(this.room.voices, signal)));
  }

  /** Ends the session and waits for its last words; the room then has all that it will get. */
  async finish(): Promise<DemoResult> {
    await this.api.post(`/sessions/${this.session.id}/end`);
    await this.#followed;
    const toAll = this.room.received.filter(({ type }) => type !== 'snapshot');
    return {
      said: this.#said,
      transcripts: toAll.filter((message) => message.type === 'transcript'),
      seqs: toAll.map(({ seq }) => seq),
    };
  }

  /** Stops all that was started. */
  async close(): Promise<void> {
    this.#following.abort();
    await this.service.stop();
    this.room.close();
    await Promise.all([this.livekit.close(), this.gladia.close()]);
  }

  async #follow(): Promise<void> {
    for await (const message of this.api.events(this.session.id, this.#following.signal))
      this.options.onMessage(message);
  }

  async #everybodyStreams(): Promise<void> {
    const deadline = Date.now() + STREAMING_WITHIN_MS;
    for (;;) {
      const { tracks } = await this.api.get<SessionView>(`/sessions/${this.session.id}`);
      if (tracks.filter(({ state }) => state === 'streaming').length === castIdentities().length) return;
      if (Date.now() > deadline) throw new Error('not every track streams: is something else using the machine?');
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

async function startService(
  options: DemoOptions,
  livekitUrl: string,
  gladiaUrl: string,
  keys: { apiKey: string; apiSecret: string },
): Promise<ServiceProcess> {
  return ServiceProcess.start({
    root: options.root,
    ...(options.onServiceLine && { onLine: options.onServiceLine }),
    env: {
      PORT: String(options.port),
      LIVEKIT_API_KEY: keys.apiKey,
      LIVEKIT_API_SECRET: keys.apiSecret,
      LIVEKIT_HTTP_URL: livekitUrl,
      EGRESS_WEBSOCKET_BASE_URL: `ws://127.0.0.1:${options.port}/egress/audio`,
      EGRESS_MAX_CONCURRENT: '10',
      GLADIA_API_KEY: 'demo',
      GLADIA_API_URL: gladiaUrl,
      AUTO_START: 'off',
      CAPTION_PAGE_TOKEN: await accessToken(keys.apiKey, keys.apiSecret, { roomJoin: true, room: ROOM }),
    },
  });
}
