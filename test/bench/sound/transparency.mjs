import { specKit } from '../spec-kit.mjs';
import { mixed } from './mixed.mjs';

/** Ten seconds of it where it is played: at three times the rate that it is made for. */
const VOICE_S = 30;
const SAMPLES_A_MS = 16;
const LONGEST_DELAY_MS = 200;
/** Where sound and mix are laid side by side. */
const COMPARED_FROM = 3 * 16_000;
const COMPARED_SAMPLES = 16_000;

/** One speaker alone: what the mix gives Gladia, against what the decoder gave the mix. */
export async function measureTransparency() {
  const { speech } = await specKit('src/mixer/sound.spec-kit.ts');
  const { heard, decoded } = await mixed([speech(VOICE_S)]);
  const [said] = decoded;
  const delay = delayBetween(said, heard);
  return { delayMs: delay / SAMPLES_A_MS, ...compare(said.subarray(0, heard.length - delay), heard.subarray(delay)) };
}

/** By how many samples the second resembles the first most. */
function delayBetween(said, heard) {
  const part = said.subarray(COMPARED_FROM, COMPARED_FROM + COMPARED_SAMPLES);
  const delays = Array.from({ length: LONGEST_DELAY_MS * SAMPLES_A_MS }, (_, delay) => delay);
  const likeness = delays.map((delay) => product(part, heard.subarray(COMPARED_FROM + delay)));
  return likeness.indexOf(Math.max(...likeness));
}

function compare(said, heard) {
  const power = product(said, said);
  const error = Float64Array.from(said, (sample, i) => heard[i] - sample);
  return {
    gainDb: 20 * Math.log10(product(said, heard) / power),
    snrDb: 10 * Math.log10(power / product(error, error)),
    differentSamples: error.filter((difference) => difference !== 0).length,
  };
}

function product(a, b) {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
