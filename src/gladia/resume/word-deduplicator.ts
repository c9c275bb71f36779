import { BoundedMap } from '../../collections/bounded-map.js';
import { normalizeText, SAME_MOMENT_MS } from './span-overlap.js';

/** Sound is sent again out of a log that holds two minutes. */
const REMEMBERED_MS = 180_000;
/** Of a word that the cut goes through, one end has the time of the other hearing. */
const CUT_MS = 600;
/** Where the server's clock and the log's are further apart, it is another hearing. */
const JITTER_MS = 50;
const MOST_OPEN = 200;

/** A word in session time. */
export interface PlacedWord {
  readonly text: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly channel: number | undefined;
  /** How much later the server heard its start and its end, on its own clock. */
  readonly laterMs: readonly [number, number];
  /** Whether this hearing is expected to tell it. */
  readonly isExpected: boolean;
}

/**
 * Where sound was sent twice both hearings tell of it, and each word is expected of one of them. An engine that takes the
 * cut for a mere jump may tell the word in the other one only: then that one's stands, for no word may be lost.
 */
export class WordDeduplicator {
  #emitted: PlacedWord[] = [];
  /** Those that are expected where they were heard, of utterances that are not final. */
  readonly #open = new BoundedMap<string, readonly PlacedWord[]>(MOST_OPEN);

  /** Which words of an utterance are told; `id` tells it from those that are under way. */
  choose(words: readonly PlacedWord[], id?: string): boolean[] {
    const told = this.#toldNear(words);
    const expected = words.filter(({ isExpected }) => isExpected);
    const isSure = expected.length === words.length;
    const elsewhere = isSure ? [] : [...expected, ...this.#openBut(id), ...told];
    return words.map((word) =>
      word.isExpected ? !told.some((one) => isRepeated(one, word)) : !elsewhere.some((one) => isSame(one, word)),
    );
  }

  /** An utterance that is not final. */
  received(id: string, words: readonly PlacedWord[]): void {
    const expected = words.filter(({ isExpected }) => isExpected);
    this.#open.set(id, expected);
  }

  /** What is told of an utterance that is final. */
  told(id: string, words: readonly PlacedWord[]): void {
    this.#open.delete(id);
    const sinceMs = (words.at(-1)?.endMs ?? 0) - REMEMBERED_MS;
    this.#emitted = [...this.#emitted.filter(({ endMs }) => endMs >= sinceMs), ...words];
  }

  #openBut(id: string | undefined): PlacedWord[] {
    return [...this.#open].flatMap(([other, words]) => (other === id ? [] : words));
  }

  #toldNear(words: readonly PlacedWord[]): PlacedWord[] {
    const fromMs = Math.min(...words.map(({ startMs }) => startMs)) - CUT_MS;
    const untilMs = Math.max(...words.map(({ endMs }) => endMs)) + CUT_MS;
    return this.#emitted.filter(({ startMs, endMs }) => endMs >= fromMs && startMs <= untilMs);
  }
}

/** Whether another hearing told the same sound. */
function isRepeated(told: PlacedWord, word: PlacedWord): boolean {
  const isAnother = told.laterMs.some((ms, end) => Math.abs(ms - word.laterMs[end]!) > JITTER_MS);
  if (told.channel !== word.channel || !isAnother) return false;
  return isSameSound(told, word) || isSameWord(told, word, SAME_MOMENT_MS);
}

const isSame = (one: PlacedWord, other: PlacedWord): boolean =>
  one.channel === other.channel && (isSameSound(one, other) || isSameWord(one, other, CUT_MS));

/** Whether the middle of the one lies in the other. */
const isSameSound = (a: PlacedWord, b: PlacedWord): boolean => isWithin(middleMs(a), b) || isWithin(middleMs(b), a);

const isSameWord = (a: PlacedWord, b: PlacedWord, withinMs: number): boolean =>
  (Math.abs(a.startMs - b.startMs) <= withinMs || Math.abs(a.endMs - b.endMs) <= withinMs) &&
  normalizeText(a.text) === normalizeText(b.text);

const isWithin = (ms: number, { startMs, endMs }: PlacedWord): boolean => ms >= startMs && ms < endMs;

const middleMs = ({ startMs, endMs }: PlacedWord): number => (startMs + endMs) / 2;
