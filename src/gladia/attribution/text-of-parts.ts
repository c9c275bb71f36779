import type { SpeechWord } from '../speech-to-text.js';

/**
 * Cuts a text where a new part's first word begins, so that punctuation and scripts without spaces stay as they were.
 * Where a word cannot be found in the text, the parts' words are joined with spaces instead.
 */
export function textOfParts(text: string, parts: readonly (readonly SpeechWord[])[]): string[] {
  const cuts: number[] = [];
  let from = 0;
  for (const words of parts) {
    for (const [index, word] of words.entries()) {
      const at = text.indexOf(word.text, from);
      if (at === -1)
        return parts.map((part) =>
          part
            .map((each) => each.text)
            .join(' ')
            .trim(),
        );
      if (index === 0) cuts.push(at);
      from = at + word.text.length;
    }
  }
  return cuts.map((cut, index) => text.slice(index === 0 ? 0 : cut, cuts[index + 1] ?? text.length).trim());
}
