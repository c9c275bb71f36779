import { setTimeout as sleep } from 'node:timers/promises';
import { HelperProcess } from '../helper-process.js';
import { cpuSeconds } from '../process-usage.js';
import { FakeLiveKit, type EgressOrder } from './fake-livekit.js';
import type { GeneratorFigures, GeneratorMessage } from './generator.js';
import type { SinkTalk } from './stt-session.js';
import type { SinkFigures, SinkMessage } from './stt-sink.js';

type Generator = HelperProcess<GeneratorMessage, GeneratorFigures>;
type Sink = HelperProcess<SinkMessage, SinkFigures, { readonly port: number }>;

export interface RigFigures {
  readonly generator: GeneratorFigures;
  readonly sink: SinkFigures;
  readonly generatorCpuS: number;
  readonly sinkCpuS: number;
  readonly atMs: number;
}

const CONNECTED_WITHIN_MS = 20_000;
const POLL_MS = 100;
/** All tracks begin at once, as they never do in a real service: until code is compiled and jitter buffers have settled. */
const SETTLE_MS = 12_000;
const STEADY_MS = 1_000;
const STEADY_TRIES = 8;
const STEADY_WITHIN = 0.03;
/** 16 kHz, S16, mono. */
export const SINK_BYTES_PER_SECOND = 32_000;

/** Everything around a process under test: LiveKit, the tracks' sockets, and the speech-to-text sink. */
export class Rig {
  readonly #probes = new Set<string>();

  private constructor(
    private readonly livekit: FakeLiveKit,
    private readonly generator: Generator,
    private readonly sink: Sink,
  ) {
    livekit.onEgress = (order) => this.#sendTrack(order);
  }

  static async start(talk: SinkTalk): Promise<Rig> {
    const sink: Sink = await HelperProcess.start(new URL('stt-sink.js', import.meta.url));
    const generator: Generator = await HelperProcess.start(new URL('generator.js', import.meta.url));
    sink.send({ talk });
    return new Rig(await FakeLiveKit.start(), generator, sink);
  }

  get gladiaUrl(): string {
    return `http://127.0.0.1:${this.sink.ready.port}`;
  }

  get livekitUrl(): string {
    return this.livekit.url;
  }

  get dataPackets(): number {
    return this.livekit.dataPackets;
  }

  /** So many more people in each room. The first `probes` rooms are silent but for their first person, who beeps. */
  populate(rooms: readonly string[], tracksEach: number, { probes = 0 } = {}): void {
    rooms.forEach((room, number) => {
      const present = this.livekit.rooms.get(room) ?? [];
      const added = Array.from({ length: tracksEach }, (_, i) => `TR_${room}_${present.length + i}`);
      this.livekit.rooms.set(room, [...present, ...added]);
      if (number < probes) this.#probes.add(room);
    });
  }

  /** A track for a peer that has no LiveKit to start it. */
  sendNoise(url: string): void {
    this.generator.send({ track: { url, sound: 'noise', session: '' } });
  }

  /** Resolves when so many tracks are being sent. */
  async sending(tracks: number): Promise<void> {
    const deadlineMs = performance.now() + CONNECTED_WITHIN_MS;
    for (;;) {
      const figures = await this.generator.figures();
      if (figures.tracks >= tracks) return;
      if (performance.now() > deadlineMs) throw new Error(shortfall(tracks, figures));
      await sleep(POLL_MS);
    }
  }

  /** Resolves when the output keeps to real time, or has been given long enough for it. */
  async steady(): Promise<void> {
    await sleep(SETTLE_MS);
    for (let tries = 0; tries < STEADY_TRIES; tries++) {
      const before = await this.figures();
      await sleep(STEADY_MS);
      const after = await this.figures();
      const expected = (after.sink.sessions * SINK_BYTES_PER_SECOND * (after.atMs - before.atMs)) / 1000;
      if (Math.abs(after.sink.bytes - before.sink.bytes - expected) <= STEADY_WITHIN * expected) return;
    }
  }

  /** Whether everybody is silent. */
  quiet(isQuiet: boolean): void {
    this.generator.send({ quiet: isQuiet });
  }

  /** What generator and sink have counted. Bursts and onsets are reported once, unless they are kept for the next time. */
  async figures({ keep = false } = {}): Promise<RigFigures> {
    const [generator, sink] = await Promise.all([this.generator.figures({ keep }), this.sink.figures({ keep })]);
    return {
      generator,
      sink,
      generatorCpuS: cpuSeconds(this.generator.pid),
      sinkCpuS: cpuSeconds(this.sink.pid),
      atMs: performance.now(),
    };
  }

  async stop(): Promise<void> {
    this.livekit.stop();
    await Promise.all([this.generator.stop(), this.sink.stop()]);
  }

  #sendTrack({ room, trackSid, url }: EgressOrder): void {
    const session = new URL(url).pathname.split('/').at(-2) ?? '';
    const isProbe = this.#probes.has(room);
    if (isProbe) this.sink.send({ probe: session });
    const sound = !isProbe ? 'noise' : trackSid.endsWith('_0') ? 'bursts' : 'silence';
    this.generator.send({ track: { url, sound, session } });
  }
}

const shortfall = (wanted: number, { ordered, tracks, refused }: GeneratorFigures): string =>
  `of ${wanted} tracks ${ordered} were ordered, ${tracks} are connected and ${refused} were refused`;
