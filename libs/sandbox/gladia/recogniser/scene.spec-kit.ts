import OpusScript from 'opusscript';
import type { RecognisedWord } from './occurrence.js';
import type { Lexicon } from './lexicon.js';
import { WordListener } from './word-listener.js';

/** A sound that begins at a sample of the scene. */
export interface Part {
  readonly sound: Int16Array;
  readonly at: number;
  readonly gain?: number;
}

/** 16 kHz sound in which the parts are heard, clipped as a mixer would, with 1.5 s of silence at its end. */
export function scene(...parts: readonly Part[]): Int16Array {
  const end = Math.max(...parts.map(({ sound, at }) => at + sound.length)) + 24_000;
  const mix = new Float64Array(Math.ceil(end / 320) * 320);
  for (const { sound, at, gain = 1 } of parts) {
    for (let i = 0; i < sound.length; i++) mix[at + i] = mix[at + i]! + sound[i]! * gain;
  }
  return Int16Array.from(mix.map((x) => Math.max(-32768, Math.min(32767, Math.round(x)))));
}

/** All words that are heard in a sound, 20 ms at a time; `delayMs` says how far behind its end each one was decided. */
export function listen(lexicon: Lexicon, sound: Int16Array): (RecognisedWord & { delayMs: number })[] {
  const listener = new WordListener(lexicon);
  const heard: (RecognisedWord & { delayMs: number })[] = [];
  for (let at = 0; at + 320 <= sound.length; at += 320) {
    const words = listener.write(sound.subarray(at, at + 320));
    heard.push(...words.map((word) => ({ ...word, delayMs: (at + 320) / 16 - word.endMs })));
  }
  return heard;
}

/** Encodes and decodes, as WebRTC would with 20 ms frames at 48 kHz. */
export function throughOpus(sound: Int16Array, bitrate: number): Int16Array {
  const codec = new OpusScript(48_000, 1, OpusScript.Application.VOIP);
  codec.setBitrate(bitrate);
  const decoded = new Int16Array(sound.length);
  for (let at = 0; at + 320 <= sound.length; at += 320) {
    const packet = codec.encode(Buffer.from(tripled(sound.subarray(at, at + 320)).buffer), 960);
    const pcm = codec.decode(packet);
    decoded.set(third(new Int16Array(pcm.buffer, pcm.byteOffset, 960)), at);
  }
  codec.delete();
  return decoded;
}

function tripled(sound: Int16Array): Int16Array {
  return Int16Array.from({ length: sound.length * 3 }, (_, i) => {
    const from = sound[Math.floor(i / 3)]!;
    return from + (((sound[Math.floor(i / 3) + 1] ?? from) - from) * (i % 3)) / 3;
  });
}

function third(sound: Int16Array): Int16Array {
  return Int16Array.from({ length: sound.length / 3 }, (_, i) => {
    return (sound[i * 3]! + sound[i * 3 + 1]! + sound[i * 3 + 2]!) / 3;
  });
}

/** Numbers in 0..1, the same ones at each run. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31;
}
