import { msToSamples } from '../../media/audio-format.js';
import { MIN_LOUDNESS, correlation, loudnessEnvelope, STEP_SAMPLES } from './loudness.js';

/** Two connections can differ by what Egress buffers: 2.9 s with its default settings. */
export const MAX_LAG = msToSamples(3_200);
const MAX_LAG_STEPS = MAX_LAG / STEP_SAMPLES;
/** The recordings must overlap by at least this much. */
const MIN_OVERLAP_STEPS = msToSamples(300) / STEP_SAMPLES;
/** The length of the stretch whose samples are compared. */
const STRETCH = msToSamples(200);
/** Only the newest part is compared, since all of it is compared at every lag. */
const MAX_COMPARED = msToSamples(8_000);
/** The loudness envelopes propose this many lags; the samples decide among them. */
const MAX_PROPOSALS = 4;
const MIN_DISTANCE_STEPS = msToSamples(50) / STEP_SAMPLES;
const MIN_ENVELOPE_CORRELATION = 0.5;
const MIN_CORRELATION = 0.7;
/** A hum or a dial tone correlates with itself at many lags: when the second best lag is nearly as good, none counts. */
const AMBIGUOUS = 0.95;

interface Match {
  readonly offset: number;
  readonly correlation: number;
}

/**
 * Aligns two recordings of one voice: returns the offset with which `newcomer[n]` is `reference[n + offset]`, in samples;
 * undefined where they have nothing in common or the match is uncertain.
 * @param sinceSamples how long ago the reference ended; the newcomer ends at this moment
 */
export function findAlignment(reference: Int16Array, newcomer: Int16Array, sinceSamples = 0): number | undefined {
  const [early, late] = [Math.max(0, reference.length - MAX_COMPARED), Math.max(0, newcomer.length - MAX_COMPARED)];
  const offset = findOffset(reference.subarray(early), newcomer.subarray(late), sinceSamples);
  return offset === undefined ? undefined : offset + early - late;
}

function findOffset(reference: Int16Array, newcomer: Int16Array, sinceSamples: number): number | undefined {
  const likely = Math.round((reference.length + sinceSamples - newcomer.length) / STEP_SAMPLES);
  const envelopes = [loudnessEnvelope(reference), loudnessEnvelope(newcomer)] as const;
  if (envelopes.some((envelope) => envelope.every((loudness) => loudness <= MIN_LOUDNESS))) return undefined;
  const matches = proposeLags(...envelopes, likely)
    .map((steps) => refine(reference, newcomer, steps * STEP_SAMPLES))
    .filter((match) => match !== undefined)
    .sort((a, b) => b.correlation - a.correlation);
  const [best, second] = matches;
  if (best === undefined || best.correlation <= MIN_CORRELATION) return undefined;
  return second !== undefined && second.correlation > AMBIGUOUS * best.correlation ? undefined : best.offset;
}

/** The lags, in steps, at which the loudness envelopes correlate most, best first; near the lag `likely` of equal delay. */
function proposeLags(reference: Float32Array, newcomer: Float32Array, likely: number): number[] {
  const candidates: { lag: number; score: number }[] = [];
  const least = Math.max(likely - MAX_LAG_STEPS, MIN_OVERLAP_STEPS - newcomer.length);
  const most = Math.min(likely + MAX_LAG_STEPS, reference.length - MIN_OVERLAP_STEPS);
  for (let lag = least; lag <= most; lag++) {
    const from = Math.max(0, -lag);
    const overlap = Math.min(newcomer.length, reference.length - lag) - from;
    if (overlap < MIN_OVERLAP_STEPS) continue;
    candidates.push({ lag, score: correlation(reference, from + lag, newcomer, from, overlap) });
  }
  const proposals: number[] = [];
  for (const { lag } of candidates
    .filter(({ score }) => score > MIN_ENVELOPE_CORRELATION)
    .sort((a, b) => b.score - a.score)) {
    if (proposals.every((better) => Math.abs(better - lag) > MIN_DISTANCE_STEPS)) proposals.push(lag);
    if (proposals.length === MAX_PROPOSALS) break;
  }
  return proposals;
}

/** The exact offset near a proposed lag, found with the loudest stretch that both recordings contain. */
function refine(reference: Int16Array, newcomer: Int16Array, near: number): Match | undefined {
  const margin = STEP_SAMPLES;
  const from = Math.max(0, margin - near);
  const to = Math.min(newcomer.length, reference.length - near - margin);
  const start = loudestStretch(newcomer, from, to);
  if (start === undefined) return undefined;
  let best = { offset: near, correlation: -1 };
  for (let offset = near - margin; offset <= near + margin; offset++) {
    const here = correlation(reference, start + offset, newcomer, start, STRETCH);
    if (here > best.correlation) best = { offset, correlation: here };
  }
  return best;
}

/** Where the loudest stretch between two positions begins; undefined where all is silence. */
function loudestStretch(samples: Int16Array, from: number, to: number): number | undefined {
  const envelope = loudnessEnvelope(samples.subarray(from, Math.max(from, to)));
  const steps = STRETCH / STEP_SAMPLES;
  let best: { start: number; sum: number } | undefined;
  for (let step = 0; step + steps <= envelope.length; step += 2) {
    const sum = envelope.subarray(step, step + steps).reduce((total, value) => total + value, 0);
    if (sum > (best?.sum ?? MIN_LOUDNESS * steps)) best = { start: from + step * STEP_SAMPLES, sum };
  }
  return best?.start;
}
