const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/**
 * What no reader of a name or a text can use, and what breaks files and terminals: control characters, line and paragraph
 * separators, and marks that turn the direction of what follows.
 */
const UNPRINTABLE = /[\p{Cc}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]+/gu;
const LONE_SURROGATE = /\p{Surrogate}/gu;

/** One line of clean text: each stretch of unprintable characters becomes a space, a torn character U+FFFD. */
export const cleanText = (text: string): string =>
  text.replaceAll(UNPRINTABLE, ' ').replaceAll(LONE_SURROGATE, '\ufffd').replaceAll(/ {2,}/g, ' ').trim();

/** At most so many graphemes of a text; what is cut off is shown by an ellipsis. */
export function shortened(text: string, most: number): string {
  if (text.length <= most) return text;
  const first: string[] = [];
  for (const { segment } of graphemes.segment(text)) {
    if (first.length === most) return `${first.slice(0, -1).join('')}…`;
    first.push(segment);
  }
  return text;
}

const PLAIN = /^[A-Za-z0-9]*$/;

/** Letters and digits alone, in lower case and without accents: what two recognisers write alike. */
export const plainLetters = (text: string): string =>
  PLAIN.test(text)
    ? text.toLowerCase()
    : text
        .normalize('NFKD')
        .toLowerCase()
        .replace(/[^\p{L}\p{N}]+/gu, '');
