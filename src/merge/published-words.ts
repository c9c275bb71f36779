import type { Span } from '../client-transcripts/session-time.js';
import type { NormalizedWord } from './normalized-words.js';

/** Who may have said something: these people; nobody named means that it may have been anybody. */
export type PossibleSpeakers = readonly string[];

interface ShownWord {
  readonly plain: string;
  readonly atMs: number;
  /** The segment of the other side that this word explains: it explains no second one. */
  takenBy: string | undefined;
}

interface ShownSegment {
  readonly voices: PossibleSpeakers;
  readonly words: readonly ShownWord[];
}

/**
 * The server's words lie later than the browser's by what Egress takes (0.3 to 3 s), the browser's by what its recogniser
 * and the network take.
 */
const APART_MS = 6_000;

/** The words that one side (the server, or the browsers) has shown to the room lately, to find them again on the other. */
export class PublishedWords {
  readonly #segments = new Map<string, ShownSegment>();

  get isEmpty(): boolean {
    return this.#segments.size === 0;
  }

  /** A segment was shown like this; what an earlier revision of it explained, it still explains. */
  add(segmentId: string, voices: PossibleSpeakers, words: readonly NormalizedWord[]): void {
    const earlier = this.#segments.get(segmentId)?.words ?? [];
    const shown = words.map(({ normalized, atMs }, index) => ({
      plain,
      atMs,
      takenBy: earlier[index]?.plain === normalized ? earlier[index].takenBy : undefined,
    }));
    this.#segments.set(segmentId, { voices, words: shown });
  }

  forget(segmentId: string): void {
    this.#segments.delete(segmentId);
  }

  forgetBefore(ms: number): void {
    for (const [segmentId, { words }] of this.#segments) {
      if ((words.at(-1)?.atMs ?? 0) < ms) this.#segments.delete(segmentId);
    }
  }

  /** Tells for each word whether it was shown already, about then, by one of the same voices; takes those that were. */
  match(taker: string, voices: PossibleSpeakers, words: readonly NormalizedWord[]): boolean[] {
    const first = words[0]?.atMs ?? 0;
    const last = words.at(-1)?.atMs ?? 0;
    const free = this.#free(taker, voices, { startMs: first - APART_MS, endMs: last + APART_MS });
    const pairs = longestCommon(words, free);
    for (const word of free) if (word.takenBy === taker) word.takenBy = undefined;
    for (const word of pairs.values()) word.takenBy = taker;
    return words.map((_, index) => pairs.has(index));
  }

  /** How many words that explain nothing yet were shown in a stretch of time; takes them. */
  matchByTime(taker: string, voices: PossibleSpeakers, span: Span): number {
    const free = this.#free(taker, voices, span);
    for (const word of free) word.takenBy = taker;
    return free.length;
  }

  #free(taker: string, voices: PossibleSpeakers, { startMs, endMs }: Span): ShownWord[] {
    return [...this.#segments.values()]
      .filter((segment) => mayBeSameSpeaker(segment.voices, voices))
      .flatMap(({ words }) => words)
      .filter(({ atMs, takenBy }) => atMs >= startMs && atMs <= endMs && (takenBy ?? taker) === taker)
      .sort((a, b) => a.atMs - b.atMs);
  }
}

/** Whether two may be the same voice. */
export const mayBeSameSpeaker = (a: PossibleSpeakers, b: PossibleSpeakers): boolean =>
  a.length === 0 || b.length === 0 || a.some((voice) => b.includes(voice));

/** The longest sequence that both have in this order: by index of `words`, the word of `shown`. */
function longestCommon(words: readonly NormalizedWord[], shown: readonly ShownWord[]): Map<number, ShownWord> {
  const lengths = words.map(() => new Uint16Array(shown.length + 1));
  lengths.push(new Uint16Array(shown.length + 1));
  for (let i = words.length - 1; i >= 0; i--) {
    for (let j = shown.length - 1; j >= 0; j--) {
      const isSame = words[i]!.normalized === shown[j]!.plain;
      lengths[i]![j] = isSame ? lengths[i + 1]![j + 1]! + 1 : Math.max(lengths[i + 1]![j]!, lengths[i]![j + 1]!);
    }
  }
  const pairs = new Map<number, ShownWord>();
  for (let i = 0, j = 0; i < words.length && j < shown.length;) {
    if (words[i]!.normalized === shown[j]!.plain) pairs.set(i++, shown[j++]!);
    else if (lengths[i + 1]![j]! >= lengths[i]![j + 1]!) i++;
    else j++;
  }
  return pairs;
}
