import { kaiserWindow, sinc } from './windowed-sinc.js';

/** Interpolation uses this many samples on each side. */
export const REACH = 16;
/** With this window the error stays below -64 dB up to 7 kHz. */
const kaiser = kaiserWindow(6);

const TAPS = new Float64Array(2 * REACH);

/** Copies `length` samples from a position on, which may lie between two samples, to `output`. */
export const readAt = (samples: Int16Array, position: number, length: number, output: Float64Array): void => {
  const whole = Math.floor(position);
  if (whole === position) for (let i = 0; i < length; i++) output[i] = samples[whole + i] ?? 0;
  else interpolate(samples, position, length, output);
};

const interpolate = (samples: Int16Array, position: number, length: number, output: Float64Array): void => {
  const whole = Math.floor(position);
  setTaps(position - whole);
  for (let i = 0, first = whole - REACH + 1; i < length; i++, first++) {
    let before = 0;
    let after = 0;
    for (let tap = 0; tap < REACH; tap++) {
      before += TAPS[tap]! * samples[first + tap]!;
      after += TAPS[tap + REACH]! * samples[first + tap + REACH]!;
    }
    output[i] = before + after;
  }
};

/** A windowed sinc, scaled for unity gain at 0 Hz. */
const setTaps = (fraction: number): void => {
  let sum = 0;
  for (let tap = 0; tap < TAPS.length; tap++) {
    const distance = tap - REACH + 1 - fraction;
    sum += TAPS[tap] = sinc(distance) * kaiser(distance / REACH);
  }
  for (let tap = 0; tap < TAPS.length; tap++) TAPS[tap]! /= sum;
};
