import { setTimeout as pause } from 'node:timers/promises';
import { HelperProcess } from '../helper-process.mjs';
import { cpuSeconds } from '../process-usage.mjs';
import { LiveKitStandIn } from './livekit.mjs';

const CONNECTED_WITHIN_MS = 20_000;
const ASK_AGAIN_MS = 100;
/** Code is compiled and jitter buffers have settled by then. */
/** All tracks begin at once, which none does in a real service: until their buffers have come back from that. */
const SETTLE_MS = 12_000;
const STEADY_MS = 1_000;
const STEADY_TRIES = 8;
const STEADY_WITHIN = 0.03;
/** 16 kHz, S16, mono. */
export const SINK_BYTES_PER_SECOND = 32_000;

/** All that stands around a process under test: LiveKit, the tracks' sockets, and the speech-to-text sink. */
export class Rig {
  #generator;
  #sink;
  #livekit;
  #probes = new Set();

  static async start(talk) {
    const rig = new Rig();
    rig.#livekit = await LiveKitStandIn.start((order) => rig.#dialFor(order));
    rig.#sink = await HelperProcess.start(new URL('stt-sink.mjs', import.meta.url));
    rig.#generator = await HelperProcess.start(new URL('generator.mjs', import.meta.url));
    rig.#sink.tell({ talk });
    return rig;
  }

  get gladiaUrl() {
    return `http://127.0.0.1:${this.#sink.ready.port}`;
  }

  get livekitUrl() {
    return this.#livekit.url;
  }

  get dataPackets() {
    return this.#livekit.dataPackets;
  }

  /** So many more people in each room; those of a probe's room are silent but for the first, who beeps. */
  populate(rooms, tracksEach, { probes = 0 } = {}) {
    rooms.forEach((room, number) => {
      const there = this.#livekit.rooms.get(room) ?? [];
      const added = Array.from({ length: tracksEach }, (_, i) => `TR_${room}_${there.length + i}`);
      this.#livekit.rooms.set(room, [...there, ...added]);
      if (number < probes) this.#probes.add(room);
    });
  }

  /** A track for a peer that is told nothing beforehand. */
  dial(url) {
    this.#generator.tell({ track: { url, sound: 'noise', session: '' } });
  }

  /** Resolves when so many tracks are being sent. */
  async sending(tracks) {
    const deadlineMs = performance.now() + CONNECTED_WITHIN_MS;
    for (;;) {
      const figures = await this.#generator.figures();
      if (figures.tracks >= tracks) return;
      if (performance.now() > deadlineMs) throw new Error(shortfall(tracks, figures));
      await pause(ASK_AGAIN_MS);
    }
  }

  /** Resolves when what comes out keeps to real time, or has been given long enough for it. */
  async steady() {
    await pause(SETTLE_MS);
    for (let tries = 0; tries < STEADY_TRIES; tries++) {
      const before = await this.figures();
      await pause(STEADY_MS);
      const after = await this.figures();
      const expected = (after.sink.sessions * SINK_BYTES_PER_SECOND * (after.atMs - before.atMs)) / 1000;
      if (Math.abs(after.sink.bytes - before.sink.bytes - expected) <= STEADY_WITHIN * expected) return;
    }
  }

  /** Whether everybody is silent. */
  quiet(isQuiet) {
    this.#generator.tell({ quiet: isQuiet });
  }

  /** What generator and sink have counted. Bursts and onsets are told once, unless they are kept for the next time. */
  async figures({ keep = false } = {}) {
    const [generator, sink] = await Promise.all([this.#generator.figures({ keep }), this.#sink.figures({ keep })]);
    const [generatorCpu, sinkCpu] = [this.#generator, this.#sink].map(({ pid }) => cpuSeconds(pid));
    return { generator, sink, generatorCpu, sinkCpu, atMs: performance.now() };
  }

  async stop() {
    this.#livekit.stop();
    await Promise.all([this.#generator.stop(), this.#sink.stop()]);
  }

  #dialFor({ room, trackSid, url }) {
    const session = new URL(url).pathname.split('/').at(-2);
    const isProbe = this.#probes.has(room);
    if (isProbe) this.#sink.tell({ probe: session });
    const sound = !isProbe ? 'noise' : trackSid.endsWith('_0') ? 'bursts' : 'silence';
    this.#generator.tell({ track: { url, sound, session } });
  }
}

const shortfall = (wanted, { ordered, tracks, refused }) =>
  `of ${wanted} tracks ${ordered} were asked for, ${tracks} are connected and ${refused} were refused`;
