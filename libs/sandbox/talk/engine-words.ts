import type { TrueWord } from './generated-talk.js';
import { SeededRandom } from './seeded-random.js';

/** A word as an engine tells it: its times are somewhat off. */
export interface ToldWord {
  readonly truth: TrueWord;
  readonly startMs: number;
  readonly endMs: number;
}

/** An utterance is closed by a pause of this length, or when it gets this long. */
const ENDPOINTING_MS = 300;
const LONGEST_MS = 15_000;

/** What an engine would make of the mix if it heard every word: utterances, each word up to `jitterMs` early or late. */
export function toldUtterances(words: readonly TrueWord[], jitterMs: number, seed: number): ToldWord[][] {
  const random = new SeededRandom(seed);
  const off = (ms: number): number => Math.max(0, Math.round(ms + random.between(-jitterMs, jitterMs)));
  const utterances: ToldWord[][] = [];
  let endMs = -Infinity;
  for (const truth of words) {
    const startMs = off(truth.startMs);
    const told = { truth, startMs, endMs: Math.max(startMs + 20, off(truth.endMs)) };
    const open = utterances.at(-1);
    const fits = truth.startMs - endMs < ENDPOINTING_MS && truth.startMs - (open?.[0]?.truth.startMs ?? 0) < LONGEST_MS;
    if (open !== undefined && fits) open.push(told);
    else utterances.push([told]);
    endMs = Math.max(endMs, truth.endMs);
  }
  return utterances.map((utterance) => utterance.sort((a, b) => a.startMs - b.startMs));
}
