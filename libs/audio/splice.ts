import { readFrom } from './fractional-delay.js';

/** Where a voice fits itself is told to such a part of a sample. */
export const PARTS_OF_A_SAMPLE = 512;

/** A sample is too far for a parabola to be exact. */
const REFINED_BY = [1, 1 / 8];

const LONGEST = 320;
const EARLY = new Float64Array(LONGEST);
const LATE = new Float64Array(LONGEST);

/**
 * Makes `output` begin like `samples` from one place on and end like them from another, which may lie between two samples.
 * The two are cross-faded, so that no edge is heard.
 */
export const splice = (samples: Int16Array, from: number, to: number, output: Int16Array): void => {
  readFrom(samples, from, output.length, EARLY);
  readFrom(samples, to, output.length, LATE);
  for (let i = 0; i < output.length; i++) {
    const late = (i + 1) / output.length;
    output[i] = Math.max(-32_768, Math.min(32_767, Math.round(EARLY[i]! * (1 - late) + LATE[i]! * late)));
  }
};

/**
 * The shift between two bounds at which the `length` samples from a place on resemble what lies so far from them most:
 * whole periods of a voice, which need not be whole samples.
 */
export const bestShift = (
  samples: Int16Array,
  place: number,
  [least, greatest]: readonly [number, number],
  length: number,
): number => {
  let best = least;
  let smallest = Infinity;
  for (let shift = least; shift <= greatest; shift++) {
    const difference = differenceAt(samples, place, shift, length, smallest);
    if (difference >= smallest) continue;
    smallest = difference;
    best = shift;
  }
  const near = REFINED_BY.reduce((shift, step) => refined(samples, place, shift, length, step), best);
  return Math.round(near * PARTS_OF_A_SAMPLE) / PARTS_OF_A_SAMPLE;
};

/** Where the parabola through the differences at three shifts is lowest. */
const refined = (samples: Int16Array, place: number, shift: number, length: number, step: number): number => {
  const before = differenceAt(samples, place, shift - step, length);
  const at = differenceAt(samples, place, shift, length);
  const after = differenceAt(samples, place, shift + step, length);
  const bend = before - 2 * at + after;
  const steps = bend > 0 ? (before - after) / (2 * bend) : 0;
  return shift + step * Math.max(-1, Math.min(1, steps));
};

/** Of no interest where it exceeds a bound. */
const differenceAt = (samples: Int16Array, place: number, shift: number, length: number, bound = Infinity): number => {
  readFrom(samples, place + shift, length, LATE);
  let sum = 0;
  for (let i = 0; i < length && sum < bound; i++) sum += ((samples[place + i] ?? 0) - LATE[i]!) ** 2;
  return sum;
};
