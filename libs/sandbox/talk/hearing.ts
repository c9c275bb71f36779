import { meanPower } from '../../audio/level.js';
import type { Recording } from '../recordings/recording.js';
import { toldUtterances, type ToldWord } from './engine-words.js';
import { generatedTalk, type TalkPlan } from './generated-talk.js';
import { microphones, type Acoustics } from './microphones.js';
import { score, type NamedWord, type Score } from './score.js';
import { people } from './voices.js';

/** A conversation, how it is heard, and how exact the engine's times are. */
export interface Condition {
  readonly name: string;
  readonly people: number;
  readonly talk: Omit<TalkPlan, 'seed'>;
  readonly acoustics: Acoustics;
  /** Words are told up to so much too early or too late. */
  readonly jitterMs: number;
}

/** The part of the service that is measured. */
export interface Attribution {
  /** Takes the power of the next 20 ms of a person's microphone. */
  hear(person: number, frame: number, power: number): void;
  /** Whose the words of an utterance are, in their order; undefined: nobody's. */
  name(utterance: readonly ToldWord[]): (number | undefined)[];
}

const FRAME_SAMPLES = 320;
const FRAME_MS = 20;
/** How long after its last word an utterance comes. */
const ENGINE_DELAY_MS = 500;

/** Plays a generated conversation to the microphones, has its words named as they come, and holds the names against the truth. */
export function hearing(
  { people: count, talk: plan, acoustics, jitterMs }: Condition,
  seed: number,
  recordings: readonly Recording[],
  attribution: Attribution,
): Score {
  const talk = generatedTalk(people(count, recordings), { ...plan, seed });
  const powers = microphones(talk, count, acoustics, seed).map(framePowers);
  const utterances = toldUtterances(talk.words, jitterMs, seed).sort((a, b) => endOf(a) - endOf(b));
  let heard = 0;
  const named = utterances.flatMap((utterance): NamedWord[] => {
    for (const due = (endOf(utterance) + ENGINE_DELAY_MS) / FRAME_MS; heard < due; heard++) {
      for (const [person, power] of powers.entries()) attribution.hear(person, heard, power[heard] ?? 0);
    }
    const names = attribution.name(utterance);
    return utterance.map(({ truth }, index) => ({ truth, named: names[index] }));
  });
  return score(named, talk.words);
}

const endOf = (utterance: readonly ToldWord[]): number => Math.max(...utterance.map(({ endMs }) => endMs));

function framePowers(sound: Int16Array): number[] {
  return Array.from({ length: sound.length / FRAME_SAMPLES }, (_, frame) =>
    meanPower(sound.subarray(frame * FRAME_SAMPLES, (frame + 1) * FRAME_SAMPLES)),
  );
}
