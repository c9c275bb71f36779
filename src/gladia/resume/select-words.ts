import { splitText } from '../../transcription/attribution/split-text.js';
import type { TimedUtterance } from './session-clock.js';

/** What is left of an utterance with some of its words; with none of them its text is empty. */
export function selectWords(heard: TimedUtterance, isKept: readonly boolean[]): TimedUtterance {
  const { words } = heard;
  const kept = words.filter((_, index) => isKept[index]);
  const [first] = kept;
  if (kept.length === words.length) return heard;
  if (first === undefined) return { ...heard, text: '', words: [] };
  const cuts = words.flatMap((_, index) => (index === 0 || isKept[index] !== isKept[index - 1] ? [index] : []));
  const runs = cuts.map((from, index) => words.slice(from, cuts[index + 1]));
  const texts = splitText(heard.text, words, runs);
  const text = texts.filter((_, index) => isKept[cuts[index] ?? 0]).join(' ');
  const { startMs } = first;
  return { ...heard, text, words: kept, startMs, endMs: Math.max(startMs, kept.at(-1)?.endMs ?? heard.endMs) };
}
