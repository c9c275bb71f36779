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

/**
 * Parts the missing words into those that lie in a gap that was told, and those of which nobody was told.
 * @param latencyMs from the speaker to the service, whose clock the gaps are told in
 */
export function partByGaps(
  missing: readonly MissingWord[],
  messages: readonly Message[],
  latencyMs: number,
): { readonly named: MissingWord[]; readonly lost: MissingWord[] } {
  const lost = new Set(missing);
  for (const gap of gapsIn(messages).sort((a, b) => Number(a.ofOne) - Number(b.ofOne))) {
    const within = [...lost].filter((word) => covers(gap, word, latencyMs));
    const excused = gap.ofOne ? ofWhomMost(within) : within;
    for (const word of excused) lost.delete(word);
  }
  return { named: missing.filter((word) => !lost.has(word)), lost: [...lost] };
}

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
  const length = (own: readonly PlacedWord[]): number =>
    own.reduce((ms, { startMs, endMs }) => ms + endMs - startMs, 0);
  return [...byPerson(words).values()].sort((a, b) => length(b) - length(a))[0] ?? [];
}
