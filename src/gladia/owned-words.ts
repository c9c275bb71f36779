import { textOfParts } from './attribution/text-of-parts.js';
import type { HeardUtterance } from './session-clock.js';

interface Span {
  readonly startMs: number;
  readonly endMs: number;
}

/**
 * What of an utterance lies in a stretch of session time. Two Gladia sessions hear the same sound where one follows the
 * other; each word belongs to the one in whose stretch its middle lies, so that none is lost or told twice.
 */
export function ownedWords(heard: HeardUtterance, fromMs: number, untilMs: number): HeardUtterance {
  const isOwned = ({ startMs, endMs }: Span): boolean => {
    const middleMs = (startMs + endMs) / 2;
    return middleMs >= fromMs && middleMs < untilMs;
  };
  const { words } = heard;
  if (words.length === 0) return isOwned(heard) ? heard : { ...heard, text: '' };
  const kept = words.filter(isOwned);
  const [first] = kept;
  if (kept.length === words.length) return heard;
  if (first === undefined) return { ...heard, text: '', words: [] };
  const at = words.indexOf(first);
  const parts = [words.slice(0, at), kept, words.slice(at + kept.length)].filter((part) => part.length > 0);
  const text = textOfParts(heard.text, words, parts)[at === 0 ? 0 : 1] ?? '';
  const { startMs } = first;
  return { ...heard, text, words: kept, startMs, endMs: Math.max(startMs, kept.at(-1)?.endMs ?? heard.endMs) };
}
