import type { SpeechWord } from '../speech-to-text.js';

/**
 * Splits a text along its words, so that punctuation and scripts without spaces stay as they are. Where a word cannot be
 * found in the text, the words of each part are joined with spaces instead.
 * @param words all words, in the order of the text; each is in one of the parts
 * @returns the text of each part
 */
export function splitText(
  text: string,
  words: readonly SpeechWord[],
  parts: readonly (readonly SpeechWord[])[],
): string[] {
  const pieces = piecesOf(text, words);
  const textOf = (part: readonly SpeechWord[]): string =>
    pieces === undefined
      ? part.map((word) => word.text).join(' ')
      : part.map((word) => pieces.get(word) ?? '').join('');
  return parts.map((part) => textOf(part).trim());
}

/** The text from the start of each word to the start of the next; what comes before the first belongs to the first. */
function piecesOf(text: string, words: readonly SpeechWord[]): Map<SpeechWord, string> | undefined {
  const starts: number[] = [];
  let from = 0;
  for (const word of words) {
    const at = text.indexOf(word.text, from);
    if (at === -1) return undefined;
    starts.push(starts.length === 0 ? 0 : at);
    from = at + word.text.length;
  }
  return new Map(words.map((word, index) => [word, text.slice(starts[index], starts[index + 1] ?? text.length)]));
}
