import { msToSamples } from '../../media/audio-format.js';

/** Loudness is compared in steps of this length. */
export const STEP_SAMPLES = msToSamples(10);
/** Below that (about -50 dB) there is nothing to hear. */
export const LEAST_LOUDNESS = Math.sqrt(60);
/** A pause lasts at least so long, and is at least 23 dB below the loudest moments. */
const PAUSE_STEPS = 12;
const QUIET = Math.sqrt(0.07);

/** The course of loudness: the root of the mean magnitude of every 10 ms, which lets quiet speech count, too. */
export function loudnessOf(samples: Int16Array): Float32Array {
  const course = new Float32Array(Math.floor(samples.length / STEP_SAMPLES));
  for (let step = 0; step < course.length; step++) {
    let sum = 0;
    for (let i = step * STEP_SAMPLES; i < (step + 1) * STEP_SAMPLES; i++) sum += Math.abs(samples[i]!);
    course[step] = Math.sqrt(sum / STEP_SAMPLES);
  }
  return course;
}

/** How many samples of it can be heard. */
export function audibleSamples(samples: Int16Array): number {
  let steps = 0;
  for (const loudness of loudnessOf(samples)) if (loudness > LEAST_LOUDNESS) steps++;
  return steps * STEP_SAMPLES;
}

/** Whether the last 120 ms are far quieter than the loudest moments of it. */
export function isPause(samples: Int16Array): boolean {
  const course = loudnessOf(samples.subarray(-PAUSE_STEPS * STEP_SAMPLES));
  const loudest = Math.max(...loudnessOf(samples));
  return course.every((loudness) => loudness <= Math.max(LEAST_LOUDNESS, QUIET * loudest));
}

/**
 * How alike `a` from `fromA` on and `b` from `fromB` on are over `length` values: the correlation coefficient, -1..1; 0
 * where either does not change at all.
 */
export function correlation<Samples extends Float32Array | Int16Array>(
  a: Samples,
  fromA: number,
  b: Samples,
  fromB: number,
  length: number,
): number {
  let sumA = 0;
  let sumB = 0;
  let sumAA = 0;
  let sumBB = 0;
  let sumAB = 0;
  for (let i = 0; i < length; i++) {
    const x = a[fromA + i]!;
    const y = b[fromB + i]!;
    sumA += x;
    sumB += y;
    sumAA += x * x;
    sumBB += y * y;
    sumAB += x * y;
  }
  const varied = (sumAA - (sumA * sumA) / length) * (sumBB - (sumB * sumB) / length);
  return varied > 0 ? (sumAB - (sumA * sumB) / length) / Math.sqrt(varied) : 0;
}
