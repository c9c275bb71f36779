import { randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { decode } from '../../protocol/codec.js';
import type { Message, TranscriptMessage } from '../../protocol/message.js';
import { TUNED_LATENCY_MS } from '../egress/egress-settings.js';
import { startLiveKitSandbox, type LiveKitSandbox } from '../livekit/livekit-sandbox.js';
import type { SandboxTrack } from '../livekit/sandbox-track.js';
import { accessToken, ApiClient } from './api-client.js';
import { castIdentities, displayName, play } from './cast.js';
import { GladiaProcess } from './gladia-process.js';
import { ServiceProcess } from './service-process.js';
import type { Sentence } from './verdict.js';

const ROOM = 'demo';
const KEYS = { apiKey: 'demo', apiSecret: randomBytes(24).toString('hex') };
const STREAMING_WITHIN_MS = 15_000;
/** Enough for the service to end its session: about 3 s, since Egress sends its last sound late. */
const SERVICE_ENDS_WITHIN_MS = 4_000;

export interface DemoOptions {
  readonly root: string;
  readonly port: number;
  readonly onMessage: (message: Message) => void;
  /** Lines that the service prints, for who wants to see them. */
  readonly onServiceLine?: (line: string) => void;
  /** Cuts the start and the conversation short. */
  readonly signal: AbortSignal;
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
  readonly tracks: readonly { readonly state?: string }[];
}

/** All of it on one machine: a scripted room, Egress and Gladia from the sandbox, and the service as it is deployed. */
export class Demo {
  readonly #tracks = new Map<string, SandboxTrack>();
  /** What a listener in the room received on the data channel, in order. */
  readonly #received: Message[] = [];
  readonly #said: Sentence[] = [];
  readonly #closing = new AbortController();
  readonly #interrupted: Promise<never>;
  #sessionEnded: Promise<void> = Promise.resolve();

  private constructor(
    private readonly options: DemoOptions,
    private readonly livekit: LiveKitSandbox,
    private readonly gladia: GladiaProcess,
    private readonly service: ServiceProcess,
    private readonly api: ApiClient,
    private sessionId = '',
  ) {
    const { signal } = options;
    this.#interrupted = new Promise((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    });
    this.#interrupted.catch(() => undefined);
  }

  /** Resolves when everybody's sound streams. @throws Error when something does not start, or the signal's reason */
  static async start(options: DemoOptions): Promise<Demo> {
    const webhookUrls = [`http://127.0.0.1:${options.port}/livekit/webhook`];
    const livekit = await startLiveKitSandbox({ ...KEYS, webhookUrls, egress: { latencyMs: TUNED_LATENCY_MS } });
    const undo: (() => Promise<void>)[] = [() => livekit.close()];
    try {
      const gladia = await GladiaProcess.start(options.root);
      undo.unshift(() => gladia.close());
      const token = await accessToken(KEYS.apiKey, KEYS.apiSecret, { roomAdmin: true, room: ROOM });
      const service = await startService(options, livekit.url, gladia.url);
      const demo = new Demo(options, livekit, gladia, service, new ApiClient(service.url, token));
      undo.splice(0, undo.length, () => demo.close());
      await demo.#goLive();
      return demo;
    } catch (error) {
      for (const close of undo) await close();
      throw error;
    }
  }

  /** Plays the conversation once. @throws Error when the service ends meanwhile, or the signal's reason */
  async converse(): Promise<void> {
    const ended = this.#sessionEnded.then(() => {
      throw new Error('the session ended while people were talking');
    });
    const playing = play(this.#tracks, this.options.signal);
    this.#said.push(...(await Promise.race([playing, ended, this.#interrupted])));
  }

  /**
   * Ends the session and waits for its last words; the room then has all that it will get.
   * @throws Error the signal's reason
   */
  async finish(): Promise<DemoResult> {
    await this.api.post(`/sessions/${this.sessionId}/end`);
    await Promise.race([this.#sessionEnded, this.#interrupted]);
    const toAll = this.#received.filter(({ type }) => type !== 'snapshot');
    return {
      said: this.#said,
      transcripts: toAll.filter((message) => message.type === 'transcript'),
      seqs: toAll.map(({ seq }) => seq),
    };
  }

  /** Stops all that was started. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.service.stop(SERVICE_ENDS_WITHIN_MS);
    await Promise.all([this.livekit.close(), this.gladia.close()]);
  }

  /** Three people with a microphone each, and one who only listens. */
  async #goLive(): Promise<void> {
    const room = this.livekit.room(ROOM);
    const listener = room.join({ identity: 'listener', name: 'Listener' });
    listener.onData(({ payload }) => this.#received.push(decode(payload)));
    for (const identity of castIdentities())
      this.#tracks.set(identity, room.join({ identity, name: displayName(identity) }).publish());
    this.sessionId = (await this.api.post<SessionView>('/sessions', { room: ROOM })).id;
    this.#sessionEnded = this.#follow();
    await this.api.post(`/sessions/${this.sessionId}/live`);
    await this.#everybodyStreams();
  }

  async #follow(): Promise<void> {
    try {
      const events = this.api.events(this.sessionId, this.#closing.signal);
      for await (const message of events) this.options.onMessage(message);
    } catch (error) {
      if (!this.#closing.signal.aborted) throw new Error('the service is gone', { cause: error });
    }
  }

  async #everybodyStreams(): Promise<void> {
    const deadline = Date.now() + STREAMING_WITHIN_MS;
    for (;;) {
      this.options.signal.throwIfAborted();
      const { tracks } = await this.api.get<SessionView>(`/sessions/${this.sessionId}`);
      if (tracks.filter(({ state }) => state === 'streaming').length === this.#tracks.size) return;
      if (Date.now() > deadline) throw new Error('not every track streams: is something else using the machine?');
      await setTimeout(100);
    }
  }
}

async function startService(options: DemoOptions, livekitUrl: string, gladiaUrl: string): Promise<ServiceProcess> {
  return ServiceProcess.start({
    root: options.root,
    signal: options.signal,
    ...(options.onServiceLine && { onLine: options.onServiceLine }),
    env: {
      PORT: String(options.port),
      LIVEKIT_API_KEY: KEYS.apiKey,
      LIVEKIT_API_SECRET: KEYS.apiSecret,
      LIVEKIT_HTTP_URL: livekitUrl,
      EGRESS_WEBSOCKET_BASE_URL: `ws://127.0.0.1:${options.port}/egress/audio`,
      EGRESS_MAX_CONCURRENT: '10',
      GLADIA_API_KEY: 'demo',
      GLADIA_API_URL: gladiaUrl,
      AUTO_START: 'off',
      CAPTION_PAGE_TOKEN: await accessToken(KEYS.apiKey, KEYS.apiSecret, { canSubscribe: true, room: ROOM }),
    },
  });
}
