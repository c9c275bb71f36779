import type { SpeechWord } from '../speech-to-text.js';

/**
 * Gives each part what belongs to its words of a text, so that punctuation and scripts without spaces stay as they were.
 * Where a word cannot be found in the text, the parts' words are joined with spaces instead.
 * @param words all words, in the order of the text; each is in one of the parts
 */
export function splitText(
  text: string,
  words: readonly SpeechWord[],
  parts: readonly (readonly SpeechWord[])[],
): string[] {
  const pieces = piecesOf(text, words);
  if (pieces === undefined)
    return parts.map((part) =>
      part
        .map((word) => word.text)
        .join(' ')
        .trim(),
    );
  return parts.map((part) =>
    part
      .map((word) => pieces.get(word) ?? '')
      .join('')
      .trim(),
  );
}

/** The text from each word to before the next; what stands before the first belongs to the first. */
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
