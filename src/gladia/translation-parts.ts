import { textOfParts } from './attribution/text-of-parts.js';
import type { SpeechWord, Translation } from './speech-to-text.js';

/** A final segment that a translation may belong to. */
export interface TranslatedSegment {
  readonly segmentId: string;
  readonly startMs: number;
  readonly endMs: number;
}

interface TranslationPart {
  readonly segmentId: string;
  readonly text: string;
}

/**
 * What of a translation belongs to which segment of its utterance, where that was split by speaker: each word goes where
 * its time lies, and the text keeps its order. Without word times all of it goes to the first segment.
 */
export function translationParts(
  { text, words }: Translation,
  segments: readonly TranslatedSegment[],
): TranslationPart[] {
  const [first] = segments;
  if (first === undefined) return [];
  if (segments.length === 1 || words.length === 0) return [{ segmentId: first.segmentId, text }];
  const wordsOf = segments.map((): SpeechWord[] => []);
  let at = 0;
  for (const word of words) {
    at = Math.max(at, nearest((word.startMs + word.endMs) / 2, segments));
    wordsOf[at]?.push(word);
  }
  const spoken = segments.filter((_, index) => wordsOf[index]?.length);
  const texts = textOfParts(
    text,
    words,
    wordsOf.filter((part) => part.length > 0),
  );
  return spoken.map(({ segmentId }, index) => ({ segmentId, text: texts[index] ?? '' }));
}

function nearest(atMs: number, segments: readonly TranslatedSegment[]): number {
  const distance = ({ startMs, endMs }: TranslatedSegment): number => Math.max(startMs - atMs, atMs - endMs, 0);
  const distances = segments.map(distance);
  return distances.indexOf(Math.min(...distances));
}
