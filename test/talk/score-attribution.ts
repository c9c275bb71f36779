import { meanPower } from '../../libs/audio/level.js';
import type { Recording } from '../../libs/sandbox/recordings/recording.js';
import { generatedTalk, type TalkPlan, type TrueWord } from './generated-talk.js';
import { microphones, type Acoustics } from './microphones.js';
import { score, type NamedWord, type Score } from './score.js';
import { SeededRandom } from './seeded-random.js';
import { people } from './voices.js';

/** A conversation, its acoustics, and how exact the engine's word times are. */
export interface Condition {
  readonly name: string;
  readonly people: number;
  readonly talk: Omit<TalkPlan, 'seed'>;
  readonly acoustics: Acoustics;
  /** How much too early or too late the engine reports a word at most. */
  readonly jitterMs: number;
}

/** A word as an engine reports it: its times are somewhat off. */
export interface ReportedWord {
  readonly truth: TrueWord;
  readonly startMs: number;
  readonly endMs: number;
}

/** The part of the service that is measured. */
export interface Attribution {
  /** Takes the power of the next 20 ms of a person's microphone. */
  addPower(person: number, frame: number, power: number): void;
  /** Whose the words of an utterance are, in their order; undefined: nobody's. */
  name(utterance: readonly ReportedWord[]): (number | undefined)[];
}

const FRAME_SAMPLES = 320;
const FRAME_MS = 20;
/** How long after its last word an utterance comes. */
const ENGINE_DELAY_MS = 500;

/** An utterance is closed by a pause of this length, or when it gets this long. */
const ENDPOINTING_MS = 300;
const LONGEST_MS = 15_000;

/** Plays a generated conversation to the microphones, attributes its words as they come, and scores the names. */
export function scoreAttribution(
  { people: count, talk: plan, acoustics, jitterMs }: Condition,
  seed: number,
  recordings: readonly Recording[],
  attribution: Attribution,
): Score {
  const talk = generatedTalk(people(count, recordings), { ...plan, seed });
  const powers = microphones(talk, count, acoustics, seed).map(framePowers);
  const utterances = reportedUtterances(talk.words, jitterMs, seed).sort((a, b) => endOf(a) - endOf(b));
  let frame = 0;
  const named = utterances.flatMap((utterance): NamedWord[] => {
    for (const due = (endOf(utterance) + ENGINE_DELAY_MS) / FRAME_MS; frame < due; frame++) {
      for (const [person, power] of powers.entries()) attribution.addPower(person, frame, power[frame] ?? 0);
    }
    const names = attribution.name(utterance);
    return utterance.map(({ truth }, index) => ({ truth, named: names[index] }));
  });
  return score(named, talk.words);
}

const endOf = (utterance: readonly ReportedWord[]): number => Math.max(...utterance.map(({ endMs }) => endMs));

function framePowers(sound: Int16Array): number[] {
  return Array.from({ length: sound.length / FRAME_SAMPLES }, (_, frame) =>
    meanPower(sound.subarray(frame * FRAME_SAMPLES, (frame + 1) * FRAME_SAMPLES)),
  );
}

/** What an engine would report of the mix if it recognised every word: utterances, each word up to `jitterMs` early or late. */
function reportedUtterances(words: readonly TrueWord[], jitterMs: number, seed: number): ReportedWord[][] {
  const random = new SeededRandom(seed);
  const off = (ms: number): number => Math.max(0, Math.round(ms + random.between(-jitterMs, jitterMs)));
  const utterances: ReportedWord[][] = [];
  let endMs = -Infinity;
  for (const truth of words) {
    const startMs = off(truth.startMs);
    const reported = { truth, startMs, endMs: Math.max(startMs + 20, off(truth.endMs)) };
    const open = utterances.at(-1);
    const fits = truth.startMs - endMs < ENDPOINTING_MS && truth.startMs - (open?.[0]?.truth.startMs ?? 0) < LONGEST_MS;
    if (open !== undefined && fits) open.push(reported);
    else utterances.push([reported]);
    endMs = Math.max(endMs, truth.endMs);
  }
  return utterances.map((utterance) => utterance.sort((a, b) => a.startMs - b.startMs));
}
