import type { TrueWord } from './generated-talk.js';

/** Whose words came out under whose name. */
export interface Tally {
  words: number;
  right: number;
  /** Under no name. */
  nobody: number;
  wrong: number;
}

export interface Score {
  /** Words during which nobody else spoke. */
  readonly alone: Tally;
  /** Words that somebody else's words overlap. */
  readonly overlapped: Tally;
}

/** A word and the person whose name it got; undefined: nobody's. */
export interface NamedWord {
  readonly truth: TrueWord;
  readonly named: number | undefined;
}

/** Holds the names that words got against who said them. `spoken`: everything that was said, for telling overlaps. */
export function score(named: readonly NamedWord[], spoken: readonly TrueWord[]): Score {
  const tally = (): Tally => ({ words: 0, right: 0, nobody: 0, wrong: 0 });
  const result = { alone: tally(), overlapped: tally() };
  for (const word of named) {
    count(isOverlapped(word.truth, spoken) ? result.overlapped : result.alone, word);
  }
  return result;
}

/** Several scores as one. */
export function total(scores: readonly Score[]): Score {
  return { alone: sum(scores.map(({ alone }) => alone)), overlapped: sum(scores.map(({ overlapped }) => overlapped)) };
}

const sum = (tallies: readonly Tally[]): Tally =>
  tallies.reduce((all, { words, right, nobody, wrong }) => ({
    words: all.words + words,
    right: all.right + right,
    nobody: all.nobody + nobody,
    wrong: all.wrong + wrong,
  }));

function count(tally: Tally, { truth, named }: NamedWord): void {
  tally.words += 1;
  if (named === undefined) tally.nobody += 1;
  else if (named === truth.person) tally.right += 1;
  else tally.wrong += 1;
}

const isOverlapped = (word: TrueWord, spoken: readonly TrueWord[]): boolean =>
  spoken.some((other) => other.person !== word.person && other.startMs < word.endMs && other.endMs > word.startMs);
