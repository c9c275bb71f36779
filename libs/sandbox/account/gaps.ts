import type { Message, StatusMessage } from '../../protocol/message.js';
import { byPerson } from './by-person.js';
import { liveAtMs } from './heard-words.js';
import type { PlacedWord } from './placed-word.js';

export interface MissingWord extends PlacedWord {
  readonly identity: string;
}

/** A stretch of which the room was told that something is missing; wall time. */
export interface Gap {
  readonly startMs: number;
  readonly endMs: number;
  /** The message speaks of one participant: it excuses one, whoever that is, and no other. */
  readonly ofOne: boolean;
}

/** The stand-in knows sentences by stretches of 600 ms: what lies around a cut is not understood either. */
const NEAR_MS = 700;
/** Of more gaps at a time not all ways to read them are tried. */
const MOST_TRIED = 5;

/**
 * Parts the missing words into those that lie in a gap that was told, and those of which nobody was told.
 * @param latencyMs from the speaker to the service, whose clock the gaps are told in
 */
export function partByGaps(
  missing: readonly MissingWord[],
  messages: readonly Message[],
  latencyMs: number,
): { readonly named: MissingWord[]; readonly lost: MissingWord[] } {
  const gaps = gapsIn(messages);
  const lost = new Set(missing);
  const within = (gap: Gap): MissingWord[] => [...lost].filter((word) => covers(gap, word, latencyMs));
  for (const gap of gaps.filter(({ ofOne }) => !ofOne)) for (const word of within(gap)) lost.delete(word);
  const ofOne = gaps.filter((gap) => gap.ofOne && within(gap).length > 0);
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

/** Each gap excuses one person, nobody says whom: of all ways to choose, what the best excuses. */
function mostExcused(gaps: readonly (readonly MissingWord[])[]): Set<MissingWord> {
  const [first, ...others] = gaps;
  if (first === undefined) return new Set();
  if (gaps.length > MOST_TRIED) return new Set([...ofWhomMost(first), ...mostExcused(others)]);
  const ways = [...byPerson(first).values()].map((own) => {
    const left = others.map((words) => words.filter((word) => !own.includes(word)));
    return new Set([...own, ...mostExcused(left)]);
  });
  return ways.sort((a, b) => lengthMs(b) - lengthMs(a))[0] ?? mostExcused(others);
}

const lengthMs = (words: Iterable<PlacedWord>): number =>
  [...words].reduce((ms, { startMs, endMs }) => ms + endMs - startMs, 0);

/** Every gap that the room was told of, in wall time. */
export function gapsIn(messages: readonly Message[]): Gap[] {
  const zeroMs = liveAtMs(messages);
  if (zeroMs === undefined) return [];
  return messages.filter(isGap).map(({ startMs, endMs, message }) => ({
    startMs: zeroMs + startMs,
    endMs: zeroMs + endMs,
    ofOne: /\bone participant\b/.test(message),
  }));
}

const isGap = (message: Message): message is StatusMessage & { startMs: number; endMs: number } =>
  message.type === 'status' && message.status === 'gap' && message.startMs !== undefined && message.endMs !== undefined;

const covers = (gap: Gap, word: PlacedWord, latencyMs: number): boolean =>
  word.endMs > gap.startMs - latencyMs - NEAR_MS && word.startMs < gap.endMs + NEAR_MS;

/** The words of the one person who misses most. */
function ofWhomMost(words: readonly MissingWord[]): MissingWord[] {
  return [...byPerson(words).values()].sort((a, b) => lengthMs(b) - lengthMs(a))[0] ?? [];
}
