import { kaiserWindow, sinc } from './windowed-sinc.js';

export const TARGET_RATE_HZ = 16_000;

export const PCM_RATES_HZ = [48_000, 44_100, 32_000, 24_000, 16_000, 8_000] as const;
export type PcmRateHz = (typeof PCM_RATES_HZ)[number];

/** A polyphase low-pass: `up` phases of `taps` coefficients, each in the order of time; every `down`-th phase is played. */
export interface ResampleFilter {
  readonly up: number;
  readonly down: number;
  readonly taps: number;
  /** Phase after phase. Scaled so that the greatest tap nearly fills 15 bits. */
  readonly coefficients: Int16Array;
  /**
   * With more than one phase: what the rounding of each coefficient left over, in parts of `FINE_STEPS`. Phases that are
   * rounded each in its own way sound like a modulation, 87 dB below the voice.
   */
  readonly fine?: Int16Array;
  /** What turns a sum of products back into a sample. */
  readonly gain: number;
}

/** Where the response is half, as a share of the lower rate of the two: flat to 7 kHz, gone at 8.5 kHz. */
const CUTOFF_OF_LOWER_RATE = 7_700 / TARGET_RATE_HZ;
/** In samples of the lower rate: 160 taps at 48 kHz, 3.3 ms of impulse response, a delay of 1.7 ms (3.3 ms from 8 kHz). */
const WINDOW_OF_LOWER_RATE = 160 / 3;
const kaiser = kaiserWindow(8.2);
/** The vector code takes that many taps in one turn. */
const TAPS_PER_TURN = 32;
/** So many fine steps make one of a coefficient: a shift by 12 bits. Small enough that the sums hold in 32 bits. */
export const FINE_STEPS = 4_096;
/** Leaves the vector code room: its partial sums must hold in 32 bits. */
const PEAK = 30_000;

const greatestCommonDivisor = (a: number, b: number): number => (b === 0 ? a : greatestCommonDivisor(b, a % b));

/** The Kaiser-windowed sinc at a time that runs from -1 to 1 over the window. */
const response = (position: number, halfWidth: number, cyclesPerSample: number): number =>
  Math.abs(position) > 1
    ? 0
    : 2 * cyclesPerSample * sinc(2 * cyclesPerSample * position * halfWidth) * kaiser(position);

const passThrough = (): ResampleFilter => ({
  up: 1,
  down: 1,
  taps: TAPS_PER_TURN,
  coefficients: Int16Array.from({ length: TAPS_PER_TURN }, (_, tap) => (tap === TAPS_PER_TURN - 1 ? PEAK : 0)),
  gain: 1 / PEAK,
});

const design = (rateHz: PcmRateHz): ResampleFilter => {
  if (rateHz === TARGET_RATE_HZ) return passThrough();
  const divisor = greatestCommonDivisor(TARGET_RATE_HZ, rateHz);
  const up = TARGET_RATE_HZ / divisor;
  const samplesPerLower = rateHz / Math.min(rateHz, TARGET_RATE_HZ);
  const window = WINDOW_OF_LOWER_RATE * samplesPerLower;
  const taps = Math.ceil(window / TAPS_PER_TURN) * TAPS_PER_TURN;
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

/** The filter from that rate to 16 kHz; made once. */
export const designFilter = (rateHz: PcmRateHz): ResampleFilter => {
  const filter = designed.get(rateHz) ?? design(rateHz);
  designed.set(rateHz, filter);
  return filter;
};
