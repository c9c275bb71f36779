import { decibels, fitSine, meanSquare, vowel } from '../../libs/audio/tone.spec-kit.js';
import { FRAME_SAMPLES, SAMPLE_RATE_HZ, samplesToMs } from '../media/audio-format.js';
import { concatenated } from './sound.spec-kit.js';
import { JitterBuffer } from './jitter-buffer.js';

const PIECE = 160;
/** Whole periods of every tone that has whole periods in three frames. */
const TONE_SAMPLES = 3 * SAMPLE_RATE_HZ;

/** The result of a run. */
export interface Run {
  readonly leastDepthMs: number;
  readonly greatestDepthMs: number;
  /** The number of frames in which samples were skipped or repeated. */
  readonly corrections: number;
}

/** A track whose sender's clock is faster than ours by so many ppm. Its sound, in packets of 10 ms, is sent in a loop. */
export class DriftingTrack {
  readonly buffer = new JitterBuffer();
  #written = 0;
  #step = 0;

  constructor(
    private readonly sound: Int16Array,
    private readonly ppm: number,
  ) {}

  /** Plays on for so many frames, each of which is overwritten by the next. */
  run(frames: number, onFrame: (frame: Int16Array, corrected: boolean) => void = () => undefined): Run {
    const depths = { least: Infinity, greatest: 0 };
    const frame = new Int16Array(FRAME_SAMPLES);
    let [corrections, before] = [0, this.#correctedSamples];
    for (const end = this.#step + frames; this.#step < end; this.#step++) {
      this.#receive();
      if (!this.buffer.read(frame)) frame.fill(0);
      const after = this.#correctedSamples;
      if (after > before) corrections++;
      onFrame(frame, after > before);
      before = after;
      depths.least = Math.min(depths.least, this.buffer.bufferedSamples);
      depths.greatest = Math.max(depths.greatest, this.buffer.bufferedSamples);
    }
    return { leastDepthMs: samplesToMs(depths.least), greatestDepthMs: samplesToMs(depths.greatest), corrections };
  }

  get #correctedSamples(): number {
    const { skippedSamples, repeatedSamples } = this.buffer.counters;
    return skippedSamples + repeatedSamples;
  }

  #receive(): void {
    const due = this.#step * FRAME_SAMPLES * (1 + this.ppm / 1e6);
    for (; this.#written + PIECE <= due; this.#written += PIECE) {
      const at = this.#written % this.sound.length;
      this.buffer.write(this.sound.subarray(at, at + PIECE));
    }
  }
}

/** A tone that has whole periods in three frames, or a vowel of so many harmonics. */
interface SteadySound {
  readonly hz: number;
  readonly harmonics: number;
}

/** Distortion and noise (THD+N) around each correction of it: in its frame, the one before it and the one after. */
export const correctionDistortionsDb = (sound: SteadySound, ppm: number, frames: number): number[] => {
  const distortionsDb: number[] = [];
  let latest: Int16Array[] = [];
  let correctedBefore = false;
  const samples = vowel(sound.hz, sound.harmonics, SAMPLE_RATE_HZ, TONE_SAMPLES, 0.3);
  new DriftingTrack(samples, ppm).run(frames, (frame, corrected) => {
    latest = [...latest.slice(-2), frame.slice()];
    if (correctedBefore) distortionsDb.push(distortionDb(concatenated(latest), sound));
    correctedBefore = corrected;
  });
  return distortionsDb;
};

const distortionDb = (samples: Int16Array, { hz, harmonics }: SteadySound): number => {
  let power = 0;
  for (let k = 1; k <= harmonics; k++) power += fitSine(samples, k * hz, SAMPLE_RATE_HZ).power;
  const mean = samples.reduce((sum, sample) => sum + sample, 0) / samples.length;
  return decibels((meanSquare(samples) - power - mean ** 2) / power);
};
