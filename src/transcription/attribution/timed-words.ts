import type { SpeechWord, Utterance } from '../speech-to-text.js';

/** The utterance's words; where the engine gave none, those of its text, spread evenly over its time. */
export function timedWords({ words, text, startMs, endMs, confidence }: Utterance): readonly SpeechWord[] {
  if (words.length > 0) return words;
  const texts = text.split(/\s+/u).filter((word) => word !== '');
  const at = (index: number): number => Math.round(startMs + ((endMs - startMs) * index) / texts.length);
  return texts.map((word, index) => ({ text: word, startMs: at(index), endMs: at(index + 1), confidence }));
}
