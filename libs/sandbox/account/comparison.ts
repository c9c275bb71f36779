import { align } from './alignment.js';
import { byPerson } from './by-person.js';
import type { MissingWord } from './gaps.js';
import type { HeardWord, SpokenWord } from './placed-word.js';

export type ExpectedWord = MissingWord & SpokenWord;

export interface Comparison {
  readonly missing: readonly ExpectedWord[];
  /** Heard, and not said, or heard before. */
  readonly extra: readonly HeardWord[];
  /** Heard under nobody's name, or another's. */
  readonly misnamed: number;
}

/** First each person's words with those under the person's name, then what is left with what is left. */
export function compare(expected: readonly ExpectedWord[], heard: readonly HeardWord[]): Comparison {
  let left = heard;
  const unheard = [...byPerson(expected)].map(([identity, words]) => {
    const own = align(
      words,
      left.filter((word) => word.identity === identity),
    );
    left = inOrder([...left.filter((word) => word.identity !== identity), ...own.extra]);
    return own.missing;
  });
  let misnamed = 0;
  const missing = unheard.flatMap((words) => {
    const others = align(words, left);
    left = others.extra;
    misnamed += words.length - others.missing.length;
    return others.missing;
  });
  return { missing, extra: left, misnamed };
}

const inOrder = (words: readonly HeardWord[]): HeardWord[] => [...words].sort((a, b) => a.startMs - b.startMs);
