import { splitText } from './attribution/split-text.js';
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
 * Splits a translation over the segments of its utterance, where that was split by speaker. Each word goes to the segment
 * at its time, the text keeps its order, and a sentence continues after an interjection. Without word times everything goes
 * to the first segment.
 */
export function translationParts(
  { text, words }: Translation,
  segments: readonly TranslatedSegment[],
): TranslationPart[] {
  const [first] = segments;
  if (first === undefined) return [];
  if (segments.length === 1 || words.length === 0) return [{ segmentId: first.segmentId, text }];
  const wordsOf = segments.map((): SpeechWord[] => []);
  let current = 0;
  for (const word of words) {
    const next = nearest((word.startMs + word.endMs) / 2, segments);
    if (next > current || isWithin(segments[current], segments[next])) current = next;
    wordsOf[current]?.push(word);
  }
  const spoken = segments.filter((_, index) => wordsOf[index]?.length);
  const texts = splitText(
    text,
    words,
    wordsOf.filter((part) => part.length > 0),
  );
  return spoken.map(({ segmentId }, index) => ({ segmentId, text: texts[index] ?? '' }));
}

/** Of several that are equally near, the shortest: an interjection lies within the sentence that it interrupts. */
function nearest(atMs: number, segments: readonly TranslatedSegment[]): number {
  const distance = ({ startMs, endMs }: TranslatedSegment): number => Math.max(startMs - atMs, atMs - endMs, 0);
  const distances = segments.map(distance);
  const least = Math.min(...distances);
  const lengths = segments.map(({ startMs, endMs }, index) =>
    distances[index] === least ? endMs - startMs : Infinity,
  );
  return lengths.indexOf(Math.min(...lengths));
}

function isWithin(inner?: TranslatedSegment, outer?: TranslatedSegment): boolean {
  return inner !== undefined && outer !== undefined && outer.startMs <= inner.startMs && outer.endMs >= inner.endMs;
}
