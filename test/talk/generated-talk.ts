import type { RecordedWord } from '../../libs/sandbox/recordings/recording.js';
import { SeededRandom } from './seeded-random.js';
import { excerpt, moved, type Person, type Saying } from './voices.js';

export interface TalkPlan {
  readonly seed: number;
  readonly lengthMs: number;
  /** From the last word of one turn to the first of the next; below 0 they overlap. */
  readonly gapMs: readonly [least: number, most: number];
  /** Share of the turns into which somebody else throws a word, 0..1. */
  readonly backchannels?: number;
  /** Share of the turns during which somebody else begins half way, and both go on, 0..1. */
  readonly interruptions?: number;
}

/** A stretch of speech by one person. */
export interface SpokenTurn {
  readonly person: number;
  readonly startMs: number;
  readonly saying: Saying;
}

/** A word and who said it, at the true times. */
export interface TrueWord extends RecordedWord {
  readonly person: number;
}

export interface Talk {
  readonly turns: readonly SpokenTurn[];
  /** In the order in which they began. */
  readonly words: readonly TrueWord[];
  readonly lengthMs: number;
}

/** A short turn is one that an acknowledgment would be, "yes, right". */
const BACKCHANNEL_WORDS = 1;
const QUIET_MS = 500;

/** People who take turns at random; the same talk for the same plan. */
export function generatedTalk(speakers: readonly Person[], plan: TalkPlan): Talk {
  const random = new SeededRandom(plan.seed);
  const turns: SpokenTurn[] = [];
  let last = -1;
  for (let endMs = QUIET_MS; endMs < plan.lengthMs;) {
    const person = another(speakers, last, random);
    const saying = random.oneOf(speakers[person]?.sayings ?? []);
    const silenceMs = saying.words[0]?.startMs ?? 0;
    const startMs = Math.max(0, endMs + random.between(...plan.gapMs) - silenceMs);
    turns.push({ person, startMs, saying }, ...meanwhile(speakers, person, startMs, saying, plan, random));
    endMs = Math.max(endMs, ...turns.slice(-2).map(lastWordEnd));
    last = person;
  }
  const words = turns.flatMap(({ person, startMs, saying }) =>
    saying.words.map((word) => ({ person, ...moved(word, startMs) })),
  );
  const lengthMs = Math.max(...turns.map(({ startMs, saying }) => startMs + saying.samples.length / 16)) + QUIET_MS;
  return { turns, words: words.toSorted((a, b) => a.startMs - b.startMs), lengthMs };
}

const lastWordEnd = ({ startMs, saying }: SpokenTurn): number => startMs + (saying.words.at(-1)?.endMs ?? 0);

function another(speakers: readonly Person[], last: number, random: SeededRandom): number {
  const others = speakers.map((_, index) => index).filter((index) => index !== last);
  return random.oneOf(others);
}

/** What somebody else says during a turn, if anybody does. */
function meanwhile(
  speakers: readonly Person[],
  speaking: number,
  startMs: number,
  { samples }: Saying,
  plan: TalkPlan,
  random: SeededRandom,
): SpokenTurn[] {
  const chance = random.next();
  const { backchannels = 0, interruptions = 0 } = plan;
  if (chance >= backchannels + interruptions) return [];
  const person = another(speakers, speaking, random);
  const whole = random.oneOf(speakers[person]?.sayings ?? []);
  const saying = chance < backchannels ? excerpt(whole, ...shortWord(whole)) : whole;
  const part = chance < backchannels ? random.between(0.25, 0.65) : 0.5;
  return [{ person, startMs: startMs + (samples.length / 16) * part, saying }];
}

/** The longest word of a saying: an acknowledgment is short, but not a syllable. */
function shortWord({ words }: Saying): [from: number, to: number] {
  const lengths = words.map(({ startMs, endMs }) => endMs - startMs);
  const from = lengths.indexOf(Math.max(...lengths));
  return [from, from + BACKCHANNEL_WORDS];
}
