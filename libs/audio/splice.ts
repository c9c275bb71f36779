import { readAt } from './fractional-delay.js';

/** The resolution of `bestShift`, in parts of a sample. */
export const PARTS_OF_A_SAMPLE = 512;

/** Step widths of the parabolic refinement: with a whole sample the parabola is not exact. */
const REFINEMENT_STEPS = [1, 1 / 8];

/** Above this share of the energy the best difference is no match (noise, or a changing voice), and refining is useless. */
const MAX_MATCH_DIFFERENCE = 0.04;

const MAX_SAMPLES = 320;
const EARLY = new Float64Array(MAX_SAMPLES);
const LATE = new Float64Array(MAX_SAMPLES);

/**
 * Overlap-add: cross-fades from `samples` at position `from` to `samples` at position `to`, over the whole of `output`.
 * Positions may lie between two samples.
 */
export const splice = (samples: Int16Array, from: number, to: number, output: Int16Array): void => {
  readAt(samples, from, output.length, EARLY);
  readAt(samples, to, output.length, LATE);
  for (let i = 0; i < output.length; i++) {
    const late = (i + 1) / output.length;
    output[i] = Math.max(-32_768, Math.min(32_767, Math.round(EARLY[i]! * (1 - late) + LATE[i]! * late)));
  }
};

/**
 * The shift, between two bounds, at which the signal from a position on resembles itself most: whole pitch periods of a
 * voice, which need not be whole samples. `length` samples are compared.
 */
export const bestShift = (
  samples: Int16Array,
  position: number,
  [least, greatest]: readonly [number, number],
  length: number,
): number => {
  let best = least;
  let smallest = Infinity;
  for (let shift = least; shift <= greatest; shift++) {
    const difference = differenceAt(samples, position, shift, length, smallest);
    if (difference >= smallest) continue;
    smallest = difference;
    best = shift;
  }
  if (smallest > MAX_MATCH_DIFFERENCE * energy(samples, position, length)) return best;
  const near = REFINEMENT_STEPS.reduce((shift, step) => refined(samples, position, shift, length, step), best);
  return Math.round(near * PARTS_OF_A_SAMPLE) / PARTS_OF_A_SAMPLE;
};

/** The minimum of the parabola through the differences at three shifts. */
const refined = (samples: Int16Array, position: number, shift: number, length: number, step: number): number => {
  const before = differenceAt(samples, position, shift - step, length);
  const at = differenceAt(samples, position, shift, length);
  const after = differenceAt(samples, position, shift + step, length);
  const bend = before - 2 * at + after;
  const steps = bend > 0 ? (before - after) / (2 * bend) : 0;
  return shift + step * Math.max(-1, Math.min(1, steps));
};

const energy = (samples: Int16Array, position: number, length: number): number => {
  let sum = 0;
  for (let i = position; i < position + length; i++) sum += (samples[i] ?? 0) ** 2;
  return sum;
};

/** The sum of squared differences; summing stops where it exceeds `bound`. */
const differenceAt = (
  samples: Int16Array,
  position: number,
  shift: number,
  length: number,
  bound = Infinity,
): number => {
  readAt(samples, position + shift, length, LATE);
  let sum = 0;
  for (let i = 0; i < length && sum < bound; i++) sum += ((samples[position + i] ?? 0) - LATE[i]!) ** 2;
  return sum;
};
