import load, { type OpusHandler, type OpusNative } from 'opusscript/build/opusscript_native_wasm.js';
import { TARGET_RATE_HZ } from './resample-filter.js';
import { SampleViews } from './sample-views.js';

const MAX_PACKET_BYTES = 7_656;
/** 60 ms at 48 kHz: the limit with which opusscript calls libopus, whatever the rate. */
const MAX_SAMPLES = 2_880;
const SAMPLES_PER_MS = TARGET_RATE_HZ / 1000;
const FADE_SAMPLES = 5 * SAMPLES_PER_MS;
const VOIP = 2048;

interface OpusMemory {
  readonly native: OpusNative;
  readonly packetAt: number;
  readonly outputAt: number;
}

let memory: OpusMemory | undefined;
const sharedMemory = (): OpusMemory => (memory ??= reserve(load()));
const reserve = (native: OpusNative): OpusMemory => ({
  native,
  packetAt: native._malloc(MAX_PACKET_BYTES),
  outputAt: native._malloc(MAX_SAMPLES * 4),
});

const OUTPUT = new SampleViews(new Int16Array(MAX_SAMPLES));

/** Decodes the Opus packets of one track to 16 kHz mono. A corrupt packet becomes silence of its length; the stream goes on. */
export class OpusDecoder {
  /** Corrupt packets so far. */
  corrupted = 0;
  #handler: OpusHandler | undefined = new (sharedMemory().native.OpusScriptHandler)(TARGET_RATE_HZ, 1, VOIP);
  #lastSample = 0;
  #lastGoodSamples = 20 * SAMPLES_PER_MS;
  #fadeIn = false;

  /** The returned view is overwritten by the next call on any decoder. */
  decode(packet: Uint8Array): Int16Array {
    if (this.#handler === undefined) return OUTPUT.first(0);
    const samples = this.#decodeInto(OUTPUT.all, packet, this.#handler);
    return samples > 0 ? this.#decoded(samples) : this.#concealed(packet);
  }

  /** Frees the decoder in libopus. Idempotent; later calls of `decode` return nothing. */
  close(): void {
    if (this.#handler !== undefined) sharedMemory().native.OpusScriptHandler.destroy_handler(this.#handler);
    this.#handler = undefined;
  }

  #decodeInto(output: Int16Array, packet: Uint8Array, handler: OpusHandler): number {
    if (packet.length === 0 || packet.length > MAX_PACKET_BYTES) return 0;
    const { native, packetAt, outputAt } = sharedMemory();
    native.HEAPU8.set(packet, packetAt);
    const samples = handler._decode(packetAt, packet.length, outputAt);
    const bytes = native.HEAPU16;
    for (let i = 0, at = outputAt / 2; i < samples; i++, at += 2)
      output[i] = (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
    return samples;
  }

  #decoded(samples: number): Int16Array {
    if (this.#fadeIn) fade(OUTPUT.all, Math.min(FADE_SAMPLES, samples));
    this.#fadeIn = false;
    this.#lastSample = OUTPUT.all[samples - 1] ?? 0;
    this.#lastGoodSamples = samples;
    return OUTPUT.first(samples);
  }

  #concealed(packet: Uint8Array): Int16Array {
    this.corrupted++;
    const ms = packetMs(packet);
    const samples = ms === null ? this.#lastGoodSamples : ms * SAMPLES_PER_MS;
    const silence = OUTPUT.first(samples).fill(0);
    const faded = Math.min(FADE_SAMPLES, samples);
    for (let i = 0; i < faded; i++) silence[i] = this.#lastSample * (1 - (i + 1) / faded);
    this.#lastSample = 0;
    this.#fadeIn = true;
    return silence;
  }
}

const fade = (samples: Int16Array, length: number): void => {
  for (let i = 0; i < length; i++) samples[i] = ((samples[i] ?? 0) * (i + 1)) / length;
};

export const createOpusDecoder = (): OpusDecoder => new OpusDecoder();

const MAX_PACKET_MS = 120;

/** Frame length by the configuration in the TOC byte: SILK in three bandwidths, hybrid in two, CELT in four. */
const PACKET_FRAME_MS = [
  ...[10, 20, 40, 60, 10, 20, 40, 60, 10, 20, 40, 60],
  ...[10, 20, 10, 20],
  ...[2.5, 5, 10, 20, 2.5, 5, 10, 20, 2.5, 5, 10, 20, 2.5, 5, 10, 20],
];

/** The duration of a packet by its first bytes (RFC 6716, 3.1 and 3.2), or `null` where they are malformed. @internal */
export const packetMs = (packet: Uint8Array): number | null => {
  const toc = packet[0];
  if (toc === undefined) return null;
  const code = toc & 3;
  const frames = code === 0 ? 1 : code < 3 ? 2 : (packet[1] ?? 0) & 63;
  const ms = frames * (PACKET_FRAME_MS[toc >> 3] ?? 0);
  return ms > 0 && ms <= MAX_PACKET_MS ? ms : null;
};
