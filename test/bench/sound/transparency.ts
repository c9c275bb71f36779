import { speech } from '../../../src/mixer/sound.spec-kit.js';
import { mixed } from './mixed.js';

/** Ten seconds when it is played: at three times the rate that it is made for. */
const VOICE_S = 30;
const SAMPLES_A_MS = 16;
const LONGEST_DELAY_MS = 200;
/** Where sound and mix are compared. */
const COMPARED_FROM = 3 * 16_000;
const COMPARED_SAMPLES = 16_000;

export type TransparencyFigures = ReturnType<typeof measureTransparency>;

/** One speaker alone: what the mix sends to Gladia, compared with what the decoder gave the mix. */
export function measureTransparency() {
  const { mix, decoded } = mixed([speech(VOICE_S)]);
  const [original] = decoded;
  if (original === undefined) throw new Error('nothing was decoded');
  const delay = delayBetween(original, mix);
  return { delayMs: delay / SAMPLES_A_MS, ...compare(original.subarray(0, mix.length - delay), mix.subarray(delay)) };
}

/** By how many samples the second must be shifted to resemble the first most. */
function delayBetween(original: Int16Array, mix: Int16Array): number {
  const part = original.subarray(COMPARED_FROM, COMPARED_FROM + COMPARED_SAMPLES);
  const delays = Array.from({ length: LONGEST_DELAY_MS * SAMPLES_A_MS }, (_, delay) => delay);
  const likeness = delays.map((delay) => product(part, mix.subarray(COMPARED_FROM + delay)));
  return likeness.indexOf(Math.max(...likeness));
}

function compare(original: Int16Array, mix: Int16Array) {
  const power = product(original, original);
  const error = Float64Array.from(original, (sample, i) => mix[i]! - sample);
  return {
    gainDb: 20 * Math.log10(product(original, mix) / power),
    snrDb: 10 * Math.log10(power / product(error, error)),
    differentSamples: error.filter((difference) => difference !== 0).length,
  };
}

function product(a: Int16Array | Float64Array, b: Int16Array | Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
