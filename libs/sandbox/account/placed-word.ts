/** A word, and when it was spoken or is said to have been: milliseconds since the epoch. */
export interface PlacedWord {
  readonly text: string;
  readonly startMs: number;
  readonly endMs: number;
}

/** What one person said in a row. */
export interface Speech {
  readonly identity: string;
  readonly words: readonly SpokenWord[];
}

export interface SpokenWord extends PlacedWord {
  /** It may be heard or not: it was cut short, or is too short for the stand-in's ears. */
  readonly isUnsure?: boolean;
}

/** A word of a final; nobody's when the final names nobody. */
export interface HeardWord extends PlacedWord {
  readonly identity: string | undefined;
}

/** What the stand-in says of sound that it did not understand. */
const NOT_UNDERSTOOD = /\[speech [\d.]+ s\]/g;

/** Letters and digits of every script, lower case: punctuation is not what was said. */
export const plainWords = (text: string): string[] =>
  text
    .replace(NOT_UNDERSTOOD, '')
    .toLowerCase()
    .match(/[\p{L}\p{N}'’-]+/gu) ?? [];
