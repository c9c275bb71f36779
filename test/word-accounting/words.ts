import type { Message, TranscriptMessage } from '../../libs/protocol/message.js';

/** A word with the time at which it was spoken or is said to have been: milliseconds since the epoch. */
export interface TimedWord {
  readonly text: string;
  readonly startMs: number;
  readonly endMs: number;
}

/** What one person said in a row. */
export interface Speech {
  readonly identity: string;
  readonly words: readonly SpokenWord[];
}

export interface SpokenWord extends TimedWord {
  /** It may be recognised or not: it was cut short, or is too short for the fake Gladia. */
  readonly isUnsure?: boolean;
}

/** A spoken word that the transcript should have under this identity. */
export interface ExpectedWord extends SpokenWord {
  readonly identity: string;
}

/** A word of a final; nobody's when the final names nobody. */
export interface TranscribedWord extends TimedWord {
  readonly identity: string | undefined;
}

/** What the fake Gladia writes for sound that it did not recognise. */
const NOT_RECOGNISED = /\[speech [\d.]+ s\]/g;

/** Letters and digits of every script, lower case: punctuation is not spoken. */
export const plainWords = (text: string): string[] =>
  text
    .replace(NOT_RECOGNISED, '')
    .toLowerCase()
    .match(/[\p{L}\p{N}'’-]+/gu) ?? [];

export const isTranscript = (message: Message): message is TranscriptMessage => message.type === 'transcript';

/** Unix time of session time 0; undefined without a transcript. */
export function liveAtMs(messages: readonly Message[]): number | undefined {
  const first = messages.find(isTranscript);
  return first && Date.parse(first.startedAt) - first.startMs;
}

/** The words of all finals, by the time at which they are said to have been spoken. */
export function transcribedWords(messages: readonly Message[]): TranscribedWord[] {
  const finals = messages.filter(isTranscript).filter(({ final }) => final);
  return finals.flatMap(wordsOf).sort((a, b) => a.startMs - b.startMs);
}

/** Items grouped by identity. */
export function byPerson<T extends { readonly identity: string }>(items: readonly T[]): Map<string, T[]> {
  const people = new Map<string, T[]>();
  for (const item of items) people.set(item.identity, [...(people.get(item.identity) ?? []), item]);
  return people;
}

function wordsOf(final: TranscriptMessage): TranscribedWord[] {
  const zeroMs = Date.parse(final.startedAt) - final.startMs;
  const identity = final.speaker?.identity;
  return (final.words ?? spread(final)).flatMap(({ text, startMs, endMs }) =>
    plainWords(text).map((word) => ({ identity, text: word, startMs: zeroMs + startMs, endMs: zeroMs + endMs })),
  );
}

/** A final without word times has its words evenly over its length. */
function spread({ text, startMs, endMs }: TranscriptMessage): TimedWord[] {
  const words = plainWords(text);
  const eachMs = (endMs - startMs) / words.length;
  return words.map((word, n) => ({ text: word, startMs: startMs + n * eachMs, endMs: startMs + (n + 1) * eachMs }));
}
