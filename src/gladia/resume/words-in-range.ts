import { selectWords } from './select-words.js';
import type { TimedUtterance } from './session-clock.js';

interface Span {
  readonly startMs: number;
  readonly endMs: number;
}

/**
 * What of an utterance lies in a stretch of session time. Two Gladia sessions hear the same sound where one follows the
 * other; each word belongs to the one in whose stretch its middle lies, so that none is lost or told twice.
 */
export function wordsInRange(heard: TimedUtterance, fromMs: number, untilMs: number): TimedUtterance {
  const isOwned = ({ startMs, endMs }: Span): boolean => {
    const middleMs = (startMs + endMs) / 2;
    return middleMs >= fromMs && middleMs < untilMs;
  };
  const { words } = heard;
  if (words.length === 0) return isOwned(heard) ? heard : { ...heard, text: '' };
  return selectWords(heard, words.map(isOwned));
}
