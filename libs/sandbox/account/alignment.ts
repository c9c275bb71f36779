import type { PlacedWord } from './placed-word.js';

export interface Alignment<S, H> {
  readonly missing: S[];
  readonly extra: H[];
}

/** How much earlier, and later, a word may be told to have been said than it was. After a stall, words are late. */
const EARLY_MS = 1_500;
const LATE_MS = 45_000;
/** One more word that fits outweighs any difference in time. */
const WORD = 1e9;

/**
 * Which words are missing, and which came that nobody said. As many words as possible are matched, in their order; of
 * several ways to do so, the one counts that is closest in time, so that a sentence said twice is not taken for the other.
 */
export function align<S extends PlacedWord, H extends PlacedWord>(
  spoken: readonly S[],
  heard: readonly H[],
): Alignment<S, H> {
  const best = bestScores(spoken, heard);
  const missing: S[] = [];
  const extra: H[] = [];
  let [i, j] = [0, 0];
  while (i < spoken.length && j < heard.length) {
    const [word, told] = [spoken[i]!, heard[j]!];
    if (best[i]![j] === best[i + 1]![j + 1]! + worth(word, told) && worth(word, told) > 0) [i, j] = [i + 1, j + 1];
    else if (best[i]![j] === best[i + 1]![j]) missing.push(spoken[i++]!);
    else extra.push(heard[j++]!);
  }
  return { missing: [...missing, ...spoken.slice(i)], extra: [...extra, ...heard.slice(j)] };
}

/** For each two places, what can be matched at best from there on. */
function bestScores(spoken: readonly PlacedWord[], heard: readonly PlacedWord[]): Float64Array[] {
  const best = Array.from({ length: spoken.length + 1 }, () => new Float64Array(heard.length + 1));
  for (let i = spoken.length - 1; i >= 0; i--) {
    const [row, below] = [best[i]!, best[i + 1]!];
    for (let j = heard.length - 1; j >= 0; j--) {
      const matched = worth(spoken[i]!, heard[j]!);
      row[j] = Math.max(below[j]!, row[j + 1]!, matched > 0 ? below[j + 1]! + matched : 0);
    }
  }
  return best;
}

/** 0 for words that have nothing to do with each other. */
function worth(spoken: PlacedWord, heard: PlacedWord): number {
  if (spoken.text !== heard.text) return 0;
  const lateMs = heard.startMs - spoken.startMs;
  return lateMs < -EARLY_MS || lateMs > LATE_MS ? 0 : WORD - Math.round(Math.abs(lateMs));
}
