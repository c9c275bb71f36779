import { msToSamples } from '../../media/audio-format.js';

/** The resolution of the loudness envelope. */
export const STEP_SAMPLES = msToSamples(10);
/** Anything quieter (about -50 dB) is inaudible. */
export const MIN_LOUDNESS = Math.sqrt(60);
/** A pause lasts at least 120 ms and is at least 23 dB below the loudest moments. */
const PAUSE_STEPS = 12;
const QUIET = Math.sqrt(0.07);

/** The loudness envelope: the root of the mean magnitude of each 10 ms. The root gives quiet speech more weight. */
export function loudnessEnvelope(samples: Int16Array): Float32Array {
  const envelope = new Float32Array(Math.floor(samples.length / STEP_SAMPLES));
  for (let step = 0; step < envelope.length; step++) {
    let sum = 0;
    for (let i = step * STEP_SAMPLES; i < (step + 1) * STEP_SAMPLES; i++) sum += Math.abs(samples[i]!);
    envelope[step] = Math.sqrt(sum / STEP_SAMPLES);
  }
  return envelope;
}

/** How many of the samples are audible. */
export function audibleSamples(samples: Int16Array): number {
  let steps = 0;
  for (const loudness of loudnessEnvelope(samples)) if (loudness > MIN_LOUDNESS) steps++;
  return steps * STEP_SAMPLES;
}

/** Whether the last 120 ms are a pause: far quieter than the loudest moments. */
export function isPause(samples: Int16Array): boolean {
  const envelope = loudnessEnvelope(samples.subarray(-PAUSE_STEPS * STEP_SAMPLES));
  const loudest = Math.max(...loudnessEnvelope(samples));
  return envelope.every((loudness) => loudness <= Math.max(MIN_LOUDNESS, QUIET * loudest));
}

/**
 * The correlation coefficient, -1..1, of `length` values of `a` from `fromA` on and of `b` from `fromB` on; 0 where either
 * is constant.
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
