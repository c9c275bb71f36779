import { msToSamples } from '../../media/audio-format.js';
import { LEAST_LOUDNESS, correlation, loudnessOf, STEP_SAMPLES } from './loudness.js';

/** Sources differ by what Egress holds back: 2.9 s with its default settings. */
export const GREATEST_LAG = msToSamples(3_200);
const GREATEST_LAG_STEPS = GREATEST_LAG / STEP_SAMPLES;
/** So much sound must be common. */
const LEAST_COMMON_STEPS = msToSamples(300) / STEP_SAMPLES;
const COMPARED = msToSamples(200);
/** No more than that is looked at, since all of it is compared at every lag. */
const LONGEST = msToSamples(8_000);
/** The course of loudness only proposes; the samples decide. */
const PROPOSALS = 4;
const APART_STEPS = msToSamples(50) / STEP_SAMPLES;
const PROMISING = 0.5;
const CERTAIN = 0.7;
/** A hum or a dial tone is like itself at many lags: then none counts. */
const AMBIGUOUS = 0.95;

interface Match {
  readonly seam: number;
  readonly likeness: number;
}

/**
 * Where two recordings of one voice say the same: `newcomer[n]` is `reference[n + seam]`. Undefined while they have
 * nothing in common that is certain, or nothing at all. Both end now, or the reference ended `sinceSamples` ago.
 */
export function findAlignment(reference: Int16Array, newcomer: Int16Array, sinceSamples = 0): number | undefined {
  const [early, late] = [Math.max(0, reference.length - LONGEST), Math.max(0, newcomer.length - LONGEST)];
  const seam = seamOf(reference.subarray(early), newcomer.subarray(late), sinceSamples);
  return seam === undefined ? undefined : seam + early - late;
}

function seamOf(reference: Int16Array, newcomer: Int16Array, sinceSamples: number): number | undefined {
  const likely = Math.round((reference.length + sinceSamples - newcomer.length) / STEP_SAMPLES);
  const courses = [loudnessOf(reference), loudnessOf(newcomer)] as const;
  if (courses.some((course) => course.every((loudness) => loudness <= LEAST_LOUDNESS))) return undefined;
  const matches = proposeLags(...courses, likely)
    .map((steps) => refine(reference, newcomer, steps * STEP_SAMPLES))
    .filter((match) => match !== undefined)
    .sort((a, b) => b.likeness - a.likeness);
  const [best, second] = matches;
  if (best === undefined || best.likeness <= CERTAIN) return undefined;
  return second !== undefined && second.likeness > AMBIGUOUS * best.likeness ? undefined : best.seam;
}

/** The lags, in steps, at which loudness runs most alike, not too far from the one of equal delay; the likeliest first. */
function proposeLags(reference: Float32Array, newcomer: Float32Array, likely: number): number[] {
  const alike: { lag: number; likeness: number }[] = [];
  const least = Math.max(likely - GREATEST_LAG_STEPS, LEAST_COMMON_STEPS - newcomer.length);
  const most = Math.min(likely + GREATEST_LAG_STEPS, reference.length - LEAST_COMMON_STEPS);
  for (let lag = least; lag <= most; lag++) {
    const from = Math.max(0, -lag);
    const common = Math.min(newcomer.length, reference.length - lag) - from;
    if (common < LEAST_COMMON_STEPS) continue;
    alike.push({ lag, likeness: correlation(reference, from + lag, newcomer, from, common) });
  }
  const proposals: number[] = [];
  for (const { lag } of alike.filter((at) => at.likeness > PROMISING).sort((a, b) => b.likeness - a.likeness)) {
    if (proposals.every((better) => Math.abs(better - lag) > APART_STEPS)) proposals.push(lag);
    if (proposals.length === PROPOSALS) break;
  }
  return proposals;
}

/** The exact place near a proposed lag, by the loudest stretch that both have. */
function refine(reference: Int16Array, newcomer: Int16Array, near: number): Match | undefined {
  const margin = STEP_SAMPLES;
  const from = Math.max(0, margin - near);
  const to = Math.min(newcomer.length, reference.length - near - margin);
  const start = loudestStretch(newcomer, from, to);
  if (start === undefined) return undefined;
  let best = { seam: near, likeness: -1 };
  for (let seam = near - margin; seam <= near + margin; seam++) {
    const here = correlation(reference, start + seam, newcomer, start, COMPARED);
    if (here > best.likeness) best = { seam, likeness: here };
  }
  return best;
}

/** Where the loudest stretch between two places begins, unless all of it is silence. */
function loudestStretch(samples: Int16Array, from: number, to: number): number | undefined {
  const course = loudnessOf(samples.subarray(from, Math.max(from, to)));
  const steps = COMPARED / STEP_SAMPLES;
  let best: { start: number; sum: number } | undefined;
  for (let step = 0; step + steps <= course.length; step += 2) {
    const sum = course.subarray(step, step + steps).reduce((total, value) => total + value, 0);
    if (sum > (best?.sum ?? LEAST_LOUDNESS * steps)) best = { start: from + step * STEP_SAMPLES, sum };
  }
  return best?.start;
}
