import load, { type OpusHandler, type OpusNative } from 'opusscript/build/opusscript_native_wasm.js';
import { packetMs } from './opus-packet.js';
import { TARGET_RATE_HZ } from './resample-filter.js';
import { SampleViews } from './sample-views.js';

const MAX_PACKET_BYTES = 7_656;
/** libopus is asked for up to 60 ms at 48 kHz, whatever the rate. */
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

/** Decodes the Opus packets of one track to 16 kHz mono. A broken packet is a silence of its length; the stream goes on. */
export class OpusDecoder {
  /** Broken packets so far. */
  corrupted = 0;
  #handler: OpusHandler | undefined = new (sharedMemory().native.OpusScriptHandler)(TARGET_RATE_HZ, 1, VOIP);
  #lastSample = 0;
  #lastGoodSamples = 20 * SAMPLES_PER_MS;
  #fadeIn = false;

  /** The returned view is overwritten by the next call on any decoder. */
  decode(packet: Uint8Array): Int16Array {
    if (this.#handler === undefined) return OUTPUT.first(0);
    const samples = this.#decodeInto(OUTPUT.all, packet, this.#handler);
    return samples > 0 ? this.#good(samples) : this.#broken(packet);
  }

  /** Gives libopus its memory back. Idempotent; what is decoded afterwards is nothing. */
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

  #good(samples: number): Int16Array {
    if (this.#fadeIn) fade(OUTPUT.all, Math.min(FADE_SAMPLES, samples));
    this.#fadeIn = false;
    this.#lastSample = OUTPUT.all[samples - 1] ?? 0;
    this.#lastGoodSamples = samples;
    return OUTPUT.first(samples);
  }

  #broken(packet: Uint8Array): Int16Array {
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
