import type { Span } from '../media/span.js';
import type { NormalizedWord } from './normalized-words.js';

/** The identities of the participants who may have spoken; empty: it may have been anybody. */
export type PossibleSpeakers = readonly string[];

interface PublishedWord {
  readonly normalized: string;
  readonly atMs: number;
  /** The segment of the other side that this word was matched with; it is matched with one only. */
  matchedBy: string | undefined;
}

interface PublishedSegment {
  readonly speakers: PossibleSpeakers;
  readonly words: readonly PublishedWord[];
}

/**
 * The greatest difference in time between the same word on both sides: the server's words are late by the delay of Egress
 * (0.3 to 3 s), the browser's by that of its recogniser and the network.
 */
const MAX_OFFSET_MS = 6_000;
/** Nobody says more in the time for which words are remembered; of who claims to, the oldest are forgotten. */
const MOST_WORDS = 2_000;
/** Nobody says more in one utterance and the offset around it. Comparing takes time by the square of this. */
const MOST_COMPARED = 600;

/** The recent published words of one side (the server, or the browsers), to find duplicates in segments of the other side. */
export class PublishedWords {
  readonly #segments = new Map<string, PublishedSegment>();

  get isEmpty(): boolean {
    return this.#segments.size === 0;
  }

  /** Adds a published revision of a segment; words that are the same as in the earlier revision keep their match. */
  add(segmentId: string, speakers: PossibleSpeakers, words: readonly NormalizedWord[]): void {
    const earlier = this.#segments.get(segmentId)?.words ?? [];
    const published = words.map(({ normalized, atMs }, index) => ({
      normalized,
      atMs,
      matchedBy: earlier[index]?.normalized === normalized ? earlier[index].matchedBy : undefined,
    }));
    this.#segments.set(segmentId, { speakers, words: published });
    this.#forgetBeyond(MOST_WORDS, speakers);
  }

  #forgetBeyond(most: number, speakers: PossibleSpeakers): void {
    const ofSpeakers = [...this.#segments].filter(([, segment]) => segment.speakers.join() === speakers.join());
    let count = ofSpeakers.reduce((sum, [, { words }]) => sum + words.length, 0);
    for (const [segmentId, { words }] of ofSpeakers.slice(0, -1)) {
      if (count <= most) return;
      this.#segments.delete(segmentId);
      count -= words.length;
    }
  }

  forget(segmentId: string): void {
    this.#segments.delete(segmentId);
  }

  forgetBefore(ms: number): void {
    for (const [segmentId, { words }] of this.#segments) {
      if ((words.at(-1)?.atMs ?? 0) < ms) this.#segments.delete(segmentId);
    }
  }

  /** Matches words with published ones of the same speaker at about the same time. Returns for each whether it was published. */
  match(matcher: string, speakers: PossibleSpeakers, words: readonly NormalizedWord[]): boolean[] {
    const first = words[0]?.atMs ?? 0;
    const last = words.at(-1)?.atMs ?? 0;
    const unmatched = this.#unmatched(matcher, speakers, {
      startMs: first - MAX_OFFSET_MS,
      endMs: last + MAX_OFFSET_MS,
    });
    const pairs = longestCommonSubsequence(words.slice(0, MOST_COMPARED), unmatched.slice(-MOST_COMPARED));
    for (const word of unmatched) if (word.matchedBy === matcher) word.matchedBy = undefined;
    for (const word of pairs.values()) word.matchedBy = matcher;
    return words.map((_, index) => pairs.has(index));
  }

  /** Matches all unmatched words in a span of time, whatever they are. Returns how many. */
  matchByTime(matcher: string, speakers: PossibleSpeakers, span: Span): number {
    const unmatched = this.#unmatched(matcher, speakers, span);
    for (const word of unmatched) word.matchedBy = matcher;
    return unmatched.length;
  }

  #unmatched(matcher: string, speakers: PossibleSpeakers, { startMs, endMs }: Span): PublishedWord[] {
    return [...this.#segments.values()]
      .filter((segment) => mayBeSameSpeaker(segment.speakers, speakers))
      .flatMap(({ words }) => words)
      .filter(({ atMs, matchedBy }) => atMs >= startMs && atMs <= endMs && (matchedBy ?? matcher) === matcher)
      .sort((a, b) => a.atMs - b.atMs);
  }
}

/** Whether both may have the same speaker. */
export const mayBeSameSpeaker = (a: PossibleSpeakers, b: PossibleSpeakers): boolean =>
  a.length === 0 || b.length === 0 || a.some((speaker) => b.includes(speaker));

/** The longest common subsequence: by index of `words`, the published word. */
function longestCommonSubsequence(
  words: readonly NormalizedWord[],
  published: readonly PublishedWord[],
): Map<number, PublishedWord> {
  const lengths = words.map(() => new Uint16Array(published.length + 1));
  lengths.push(new Uint16Array(published.length + 1));
  for (let i = words.length - 1; i >= 0; i--) {
    for (let j = published.length - 1; j >= 0; j--) {
      const isSame = words[i]!.normalized === published[j]!.normalized;
      lengths[i]![j] = isSame ? lengths[i + 1]![j + 1]! + 1 : Math.max(lengths[i + 1]![j]!, lengths[i]![j + 1]!);
    }
  }
  const pairs = new Map<number, PublishedWord>();
  for (let i = 0, j = 0; i < words.length && j < published.length;) {
    if (words[i]!.normalized === published[j]!.normalized) pairs.set(i++, published[j++]!);
    else if (lengths[i + 1]![j]! >= lengths[i]![j + 1]!) i++;
    else j++;
  }
  return pairs;
}
