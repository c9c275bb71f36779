import { textOfParts } from './attribution/text-of-parts.js';
import { plain } from './same-speech.js';
import type { HeardUtterance } from './session-clock.js';
import type { SpeechWord } from './speech-to-text.js';

/** Times of neighbouring words overlap by this much at most. */
const JITTER_MS = 50;

/** Among how many words before it a word may have been heard already. */
const NEAR = 30;

/** The cut itself may have bent the times of a word, so the same word need only begin before its first hearing ended. */
const isSame = (a: SpeechWord, b: SpeechWord): boolean =>
  b.startMs < a.endMs - JITTER_MS && a.startMs < b.endMs && plain(a.text) === plain(b.text);

/**
 * An utterance without the words that it, or what was said before it, holds already: on a resume some sound is sent again,
 * Gladia hears it again, and on the session clock the second hearing lies where the first does.
 * @param before words of the utterances before this one, in the same channel
 */
export function toldOnce(heard: HeardUtterance, before: readonly SpeechWord[] = []): HeardUtterance {
  const { words } = heard;
  let untilMs = -Infinity;
  const isNew = words.map((word, index) => {
    const { startMs, endMs } = word;
    const isFirst = startMs > untilMs - JITTER_MS || (startMs + endMs) / 2 > untilMs;
    untilMs = Math.max(untilMs, endMs);
    const near = [...before, ...words.slice(Math.max(0, index - NEAR), index)];
    return isFirst && !near.some((earlier) => isSame(earlier, word));
  });
  if (!isNew.includes(false)) return heard;
  const runs = words.map((word) => [word]);
  const pieces = textOfParts(heard.text, words, runs);
  const text = pieces.filter((_, index) => isNew[index]).join(' ');
  const kept = words.filter((_, index) => isNew[index]);
  const startMs = kept[0]?.startMs ?? heard.startMs;
  return { ...heard, text, words: kept, startMs, endMs: Math.max(startMs, heard.endMs) };
}
