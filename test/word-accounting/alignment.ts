import { byPerson, type ExpectedWord, type TimedWord, type TranscribedWord } from './words.js';

export interface Comparison {
  readonly missing: readonly ExpectedWord[];
  /** Transcribed, but never spoken or transcribed before. */
  readonly extra: readonly TranscribedWord[];
  /** Transcribed under nobody's name, or another's. */
  readonly misnamed: number;
}

interface Alignment<S, T> {
  readonly missing: S[];
  readonly extra: T[];
}

/** How much earlier, and later, than it was spoken a word may be placed. After a stall, words are late. */
const EARLY_MS = 1_500;
const LATE_MS = 45_000;
/** One more word that fits outweighs any difference in time. */
const WORD = 1e9;

/** First compares each person's words with those under the person's name, then what is left with what is left. */
export function compare(expected: readonly ExpectedWord[], transcribed: readonly TranscribedWord[]): Comparison {
  let left = transcribed;
  const unmatched = [...byPerson(expected)].map(([identity, words]) => {
    const own = align(
      words,
      left.filter((word) => word.identity === identity),
    );
    left = inOrder([...left.filter((word) => word.identity !== identity), ...own.extra]);
    return own.missing;
  });
  let misnamed = 0;
  const missing = unmatched.flatMap((words) => {
    const others = align(words, left);
    left = others.extra;
    misnamed += words.length - others.missing.length;
    return others.missing;
  });
  return { missing, extra: left, misnamed };
}

const inOrder = (words: readonly TranscribedWord[]): TranscribedWord[] =>
  [...words].sort((a, b) => a.startMs - b.startMs);

/**
 * Which spoken words are missing, and which words were transcribed that nobody spoke. As many words as possible are
 * matched, in their order; of several ways to match them, the one closest in time counts, so that a sentence that was
 * spoken twice is not taken for the other.
 */
function align<S extends TimedWord, T extends TimedWord>(
  spoken: readonly S[],
  transcribed: readonly T[],
): Alignment<S, T> {
  const best = bestScores(spoken, transcribed);
  const missing: S[] = [];
  const extra: T[] = [];
  let [i, j] = [0, 0];
  while (i < spoken.length && j < transcribed.length) {
    const matched = worth(spoken[i]!, transcribed[j]!);
    if (best[i]![j] === best[i + 1]![j + 1]! + matched && matched > 0) [i, j] = [i + 1, j + 1];
    else if (best[i]![j] === best[i + 1]![j]) missing.push(spoken[i++]!);
    else extra.push(transcribed[j++]!);
  }
  return { missing: [...missing, ...spoken.slice(i)], extra: [...extra, ...transcribed.slice(j)] };
}

/** For each pair of positions, the best score of what can be matched from there on. */
function bestScores(spoken: readonly TimedWord[], transcribed: readonly TimedWord[]): Float64Array[] {
  const best = Array.from({ length: spoken.length + 1 }, () => new Float64Array(transcribed.length + 1));
  for (let i = spoken.length - 1; i >= 0; i--) {
    const [row, below] = [best[i]!, best[i + 1]!];
    for (let j = transcribed.length - 1; j >= 0; j--) {
      const matched = worth(spoken[i]!, transcribed[j]!);
      row[j] = Math.max(below[j]!, row[j + 1]!, matched > 0 ? below[j + 1]! + matched : 0);
    }
  }
  return best;
}

/** 0 for words that have nothing to do with each other. */
function worth(spoken: TimedWord, transcribed: TimedWord): number {
  if (spoken.text !== transcribed.text) return 0;
  const lateMs = transcribed.startMs - spoken.startMs;
  return lateMs < -EARLY_MS || lateMs > LATE_MS ? 0 : WORD - Math.round(Math.abs(lateMs));
}
