import { kaiserWindow, sinc } from './windowed-sinc.js';

export const TARGET_RATE_HZ = 16_000;

export const PCM_RATES_HZ = [48_000, 44_100, 32_000, 24_000, 16_000, 8_000] as const;
export type PcmRateHz = (typeof PCM_RATES_HZ)[number];

/** A polyphase low-pass filter: `up` phases of `taps` coefficients each, in order of time; every `down`-th phase makes a sample. */
export interface ResampleFilter {
  readonly up: number;
  readonly down: number;
  readonly taps: number;
  /** Phase after phase. Scaled: the greatest coefficient nearly fills 15 bits. */
  readonly coefficients: Int16Array;
  /**
   * Only with more than one phase: the rounding error of each coefficient, in units of 1 / `FINE_STEPS`. Without it the
   * errors differ by phase, which modulates the voice at -87 dB.
   */
  readonly fine?: Int16Array;
  /** Scales a sum of products back to a sample. */
  readonly gain: number;
}

/** The -6 dB point as a share of the lower of the two rates: flat up to 7 kHz, stopband from 8.5 kHz. */
const CUTOFF_OF_LOWER_RATE = 7_700 / TARGET_RATE_HZ;
/** In samples of the lower rate: 160 taps at 48 kHz, 3.3 ms of impulse response, a delay of 1.7 ms (3.3 ms from 8 kHz). */
const WINDOW_OF_LOWER_RATE = 160 / 3;
const kaiser = kaiserWindow(8.2);
/** The SIMD code processes this many taps per loop. */
const TAPS_PER_LOOP = 32;
/** Fine steps per step of a coefficient: a shift by 12 bits. Small enough that partial sums fit in 32 bits. */
export const FINE_STEPS = 4_096;
/** Leaves headroom: the partial sums of the SIMD code must fit in 32 bits. */
const PEAK = 30_000;

const greatestCommonDivisor = (a: number, b: number): number => (b === 0 ? a : greatestCommonDivisor(b, a % b));

/** The Kaiser-windowed sinc; `position` runs from -1 to 1 over the window. */
const response = (position: number, halfWidth: number, cyclesPerSample: number): number =>
  Math.abs(position) > 1
    ? 0
    : 2 * cyclesPerSample * sinc(2 * cyclesPerSample * position * halfWidth) * kaiser(position);

const passThrough = (): ResampleFilter => ({
  up: 1,
  down: 1,
  taps: TAPS_PER_LOOP,
  coefficients: Int16Array.from({ length: TAPS_PER_LOOP }, (_, tap) => (tap === TAPS_PER_LOOP - 1 ? PEAK : 0)),
  gain: 1 / PEAK,
});

const design = (rateHz: PcmRateHz): ResampleFilter => {
  if (rateHz === TARGET_RATE_HZ) return passThrough();
  const divisor = greatestCommonDivisor(TARGET_RATE_HZ, rateHz);
  const up = TARGET_RATE_HZ / divisor;
  const samplesPerLower = rateHz / Math.min(rateHz, TARGET_RATE_HZ);
  const window = WINDOW_OF_LOWER_RATE * samplesPerLower;
  const taps = Math.ceil(window / TAPS_PER_LOOP) * TAPS_PER_LOOP;
  const cyclesPerSample = CUTOFF_OF_LOWER_RATE / samplesPerLower;
  const exact = Float64Array.from({ length: up * taps }, (_, i) => {
    const phase = Math.floor(i / taps);
    const age = taps - 1 - (i % taps) + phase / up;
    const centre = (window - 1 / up) / 2;
    return response((age - centre) / (window / 2), window / 2, cyclesPerSample);
  });
  const scale = PEAK / exact.reduce((peak, value) => Math.max(peak, Math.abs(value)));
  const coefficients = Int16Array.from(exact, (value) => Math.round(value * scale));
  const shape = { up, down: rateHz / divisor, taps, coefficients };
  if (up === 1) return { ...shape, gain: 1 / scale };
  const fine = exact.map((value, i) => Math.round((value * scale - coefficients[i]!) * FINE_STEPS));
  return { ...shape, fine: Int16Array.from(fine), gain: 1 / (scale * FINE_STEPS) };
};

const designed = new Map<PcmRateHz, ResampleFilter>();

/** The filter from a rate to 16 kHz; designed once per rate. */
export const designFilter = (rateHz: PcmRateHz): ResampleFilter => {
  const filter = designed.get(rateHz) ?? design(rateHz);
  designed.set(rateHz, filter);
  return filter;
};
