import type { Talk } from './generated-talk.js';
import { SeededRandom } from './seeded-random.js';

/** What the microphones of a room pick up of a talk. */
export interface Acoustics {
  /** How loud each person is, in dB relative to the recordings; the last entry is for all further people. */
  readonly levelsDb?: readonly number[];
  /** How loud a voice is in everybody else's microphone, in dB relative to its own; none: not at all. */
  readonly leakDb?: number;
  /** How much later it arrives there. */
  readonly leakDelayMs?: number;
  /** Noise of each microphone, dB relative to full scale; none: digital silence. */
  readonly noiseDbfs?: number;
}

const SAMPLES_PER_MS = 16;
const FRAME_SAMPLES = 320;
const FULL_SCALE = 32_768;
const NOISE_SAMPLES = 48_000;

/** What each person's microphone picks up, 16 kHz mono S16, all of one length of whole 20 ms frames. */
export function microphones(talk: Talk, count: number, acoustics: Acoustics, seed = 1): Int16Array[] {
  const frames = Math.ceil((talk.lengthMs * SAMPLES_PER_MS) / FRAME_SAMPLES);
  const sounds = Array.from({ length: count }, () => new Float32Array(frames * FRAME_SAMPLES));
  const { levelsDb = [0], leakDb, leakDelayMs = 0, noiseDbfs } = acoustics;
  for (const { person, startMs, saying } of talk.turns) {
    const level = levelsDb[Math.min(person, levelsDb.length - 1)] ?? 0;
    for (const [listener, sound] of sounds.entries()) {
      if (listener === person) add(sound, saying.samples, startMs, level);
      else if (leakDb !== undefined) add(sound, saying.samples, startMs + leakDelayMs, level + leakDb);
    }
  }
  const random = new SeededRandom(seed);
  return sounds.map((sound) => toSamples(noiseDbfs === undefined ? sound : noisy(sound, noiseDbfs, random)));
}

function add(sound: Float32Array, samples: Int16Array, startMs: number, levelDb: number): void {
  const gain = 10 ** (levelDb / 20);
  const from = Math.round(startMs * SAMPLES_PER_MS);
  const until = Math.min(samples.length, sound.length - from);
  for (let i = 0; i < until; i++) sound[from + i]! += gain * samples[i]!;
}

/** A few seconds of noise over and over: what it says does not matter. */
function noisy(sound: Float32Array, dbfs: number, random: SeededRandom): Float32Array {
  // Even noise between -peak and peak has a mean power of peak²/3.
  const peak = FULL_SCALE * 10 ** (dbfs / 20) * Math.sqrt(3);
  const noise = Float32Array.from({ length: NOISE_SAMPLES }, () => peak * (2 * random.next() - 1));
  for (let i = 0; i < sound.length; i++) sound[i]! += noise[i % NOISE_SAMPLES]!;
  return sound;
}

function toSamples(sound: Float32Array): Int16Array {
  const samples = new Int16Array(sound.length);
  for (let i = 0; i < sound.length; i++) {
    const sample = sound[i]!;
    samples[i] = sample > FULL_SCALE - 1 ? FULL_SCALE - 1 : sample < -FULL_SCALE ? -FULL_SCALE : sample;
  }
  return samples;
}
