import type { Message, StatusMessage } from '../../libs/protocol/message.js';
import { byPerson, liveAtMs, type ExpectedWord, type TimedWord } from './words.js';

/** A stretch that the room was notified is missing; wall time. */
export interface Gap {
  readonly startMs: number;
  readonly endMs: number;
  /** The message speaks of one participant: it excuses one and no other. */
  readonly ofOne: boolean;
  /** Who that is, where the message says so. */
  readonly identity?: string | undefined;
}

/** The fake Gladia recognises sentences by stretches of 600 ms, so it misses what lies around a cut, too. */
const NEAR_MS = 700;
/** With more overlapping gaps than these, not every assignment of gaps to people is tried. */
const MOST_TRIED = 5;

/**
 * Parts the missing words into those within a reported gap, and those lost without a report.
 * @param latencyMs from the speaker to the service, whose clock the gaps are reported in
 */
export function partByGaps(
  missing: readonly ExpectedWord[],
  messages: readonly Message[],
  latencyMs: number,
): { readonly named: ExpectedWord[]; readonly lost: ExpectedWord[] } {
  const gaps = gapsIn(messages);
  const lost = new Set(missing);
  const within = (gap: Gap): ExpectedWord[] => [...lost].filter((word) => covers(gap, word, latencyMs));
  for (const gap of gaps.filter(({ ofOne, identity }) => !ofOne || identity !== undefined))
    for (const word of within(gap)) lost.delete(word);
  const ofOne = gaps.filter((gap) => gap.ofOne && gap.identity === undefined && within(gap).length > 0);
  for (const cluster of clusters(ofOne)) for (const word of mostExcused(cluster.map(within))) lost.delete(word);
  return { named: missing.filter((word) => !lost.has(word)), lost: [...lost] };
}

/** Gaps that overlap, together. */
function clusters(gaps: readonly Gap[]): Gap[][] {
  const found: Gap[][] = [];
  for (const gap of gaps.toSorted((a, b) => a.startMs - b.startMs)) {
    const last = found.at(-1);
    if (last?.some(({ endMs }) => endMs + NEAR_MS >= gap.startMs)) last.push(gap);
    else found.push([gap]);
  }
  return found;
}

/** Each gap excuses one person, but does not say whom: of all ways to choose, the one that excuses most. */
function mostExcused(gaps: readonly (readonly ExpectedWord[])[]): Set<ExpectedWord> {
  const [first, ...others] = gaps;
  if (first === undefined) return new Set();
  if (gaps.length > MOST_TRIED) return new Set([...ofWhomMost(first), ...mostExcused(others)]);
  const ways = [...byPerson(first).values()].map((own) => {
    const left = others.map((words) => words.filter((word) => !own.includes(word)));
    return new Set([...own, ...mostExcused(left)]);
  });
  return ways.sort((a, b) => lengthMs(b) - lengthMs(a))[0] ?? mostExcused(others);
}

const lengthMs = (words: Iterable<TimedWord>): number =>
  [...words].reduce((ms, { startMs, endMs }) => ms + endMs - startMs, 0);

/** Every gap that was reported to the room, in wall time. */
export function gapsIn(messages: readonly Message[]): Gap[] {
  const zeroMs = liveAtMs(messages);
  if (zeroMs === undefined) return [];
  return messages.filter(isGap).map(({ startMs, endMs, message, identity }) => ({
    startMs: zeroMs + startMs,
    endMs: zeroMs + endMs,
    identity,
    ofOne: /\bone participant\b/.test(message),
  }));
}

const isGap = (message: Message): message is StatusMessage & { startMs: number; endMs: number } =>
  message.type === 'status' && message.status === 'gap' && message.startMs !== undefined && message.endMs !== undefined;

const covers = (gap: Gap, word: ExpectedWord, latencyMs: number): boolean =>
  (gap.identity ?? word.identity) === word.identity &&
  word.endMs > gap.startMs - latencyMs - NEAR_MS &&
  word.startMs < gap.endMs + NEAR_MS;

/** The words of the person who is missing most. */
function ofWhomMost(words: readonly ExpectedWord[]): ExpectedWord[] {
  return [...byPerson(words).values()].sort((a, b) => lengthMs(b) - lengthMs(a))[0] ?? [];
}
