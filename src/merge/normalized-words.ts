import { plainLetters } from '../../libs/protocol/text.js';
import type { TranscriptSegment as Segment } from '../events/domain-events.js';

/** A word stripped of what two recognisers write differently: case, accents, punctuation. */
export interface NormalizedWord {
  readonly normalized: string;
  /** Where it begins in the segment's text. */
  readonly offset: number;
  /** Its middle on the session clock. */
  readonly atMs: number;
}

/** Finds words in scripts without spaces, too. */
const segmenter = new Intl.Segmenter('und', { granularity: 'word' });

/** By segment: a segment is compared again and again while it is held. */
const known = new WeakMap<Segment, readonly NormalizedWord[]>();

/** The words of a segment, in order. When its timed words do not match its text, the times are spread evenly over it. */
export function normalizedWords(segment: Segment): readonly NormalizedWord[] {
  const words = known.get(segment) ?? read(segment);
  known.set(segment, words);
  return words;
}

function read({ text, words, startMs, endMs }: Segment): NormalizedWord[] {
  const found = wordsIn(text);
  const timesMs = words.flatMap((word) => wordsIn(word.text).map(() => (word.startMs + word.endMs) / 2));
  const spread = (index: number): number => startMs + ((endMs - startMs) * (index + 0.5)) / found.length;
  const isTimed = timesMs.length === found.length;
  return found.map((word, index) => ({ ...word, atMs: isTimed ? timesMs[index]! : spread(index) }));
}

/** The segment with only the words `from` (inclusive) to `to` (exclusive). */
export function sliceSegment(
  segment: Segment,
  normalized: readonly NormalizedWord[],
  { from, to }: { from: number; to: number },
): Segment {
  const [first, last, next] = [normalized[from], normalized[to - 1], normalized[to]];
  if (first === undefined || last === undefined || to - from === normalized.length) return segment;
  const words = segment.words.filter(({ startMs, endMs }) => {
    const atMs = (startMs + endMs) / 2;
    return atMs >= first.atMs && atMs <= last.atMs;
  });
  return {
    ...segment,
    text: segment.text.slice(from === 0 ? 0 : first.offset, next?.offset).trim(),
    words,
    startMs: from === 0 ? segment.startMs : (words[0]?.startMs ?? Math.round(first.atMs)),
    endMs: next === undefined ? segment.endMs : (words.at(-1)?.endMs ?? Math.round(last.atMs)),
  };
}

function wordsIn(text: string): { normalized: string; offset: number }[] {
  return [...segmenter.segment(text)]
    .filter(({ isWordLike }) => isWordLike)
    .map(({ segment, index }) => ({ normalized: plainLetters(segment), offset: index }))
    .filter(({ normalized }) => normalized !== '');
}
