import type { Scenario } from '../record.js';
import { ALL_AT_ONCE, FOUR, MONOLOGUE, OVERLAPS, QUICK_TURNS, THREE, TURNS } from './talks.js';

const perSpeaker = { GLADIA_CHANNELS: 'per-speaker:4' };
const talks = { TURNS, OVERLAPS, QUICK_TURNS, MONOLOGUE, THREE, ALL_AT_ONCE, FOUR };
const lower = (name: string): string => name.toLowerCase().replaceAll('_', '-');

const plain = Object.entries(talks).map(([name, talk]): Scenario => ({
  name: `talk-${lower(name)}`,
  about: `nothing but talk: ${lower(name)}`,
  kinds: ['talk'],
  ...talk,
}));

const separate = Object.entries({ OVERLAPS, ALL_AT_ONCE, FOUR }).map(([name, talk]): Scenario => ({
  name: `per-speaker-${lower(name)}`,
  about: `a channel for each speaker: ${lower(name)}`,
  kinds: ['per-speaker'],
  ...talk,
  env: perSpeaker,
}));

export const peopleScenarios: readonly Scenario[] = [
  ...plain,
  ...separate,
  {
    name: 'talk-leaking-microphones',
    about: 'each microphone also picks up the other voice, softly',
    kinds: ['talk'],
    ...TURNS,
    acts: [
      [1_000, (stage) => stage.say('alice-1', 'bob', 0.1)],
      [4_200, (stage) => stage.say('bob-1', 'alice', 0.1)],
    ],
  },
  {
    name: 'per-speaker-cut',
    about: 'a channel for each speaker, and the connection to Gladia is cut',
    kinds: ['per-speaker', 'gladia'],
    ...THREE,
    env: perSpeaker,
    acts: [[4_700, (stage) => stage.engineCloses()]],
  },
  {
    name: 'per-speaker-swapped',
    about: 'Gladia takes one channel for another',
    kinds: ['per-speaker', 'gladia'],
    ...OVERLAPS,
    env: perSpeaker,
    engine: { channelNames: 'swapped' },
  },
  {
    name: 'per-speaker-two-channels',
    about: 'four people on two channels',
    kinds: ['per-speaker'],
    ...FOUR,
    env: { GLADIA_CHANNELS: 'per-speaker:2' },
  },
  {
    name: 'per-speaker-rejoin',
    about: 'a channel for each speaker, one of whom comes back',
    kinds: ['per-speaker', 'room'],
    ...TURNS,
    env: perSpeaker,
    acts: [[5_300, (stage) => stage.rejoin('bob')]],
  },
  {
    name: 'many-partials',
    about: 'a partial every 60 ms',
    kinds: ['talk'],
    ...OVERLAPS,
    engine: { partialEveryMs: 60 },
  },
  {
    name: 'late-finals',
    about: 'finals come 2 s after the words',
    kinds: ['talk'],
    ...QUICK_TURNS,
    engine: { finalDelayMs: 2_000 },
    afterMs: 9_000,
  },
  {
    name: 'french',
    about: 'two languages',
    kinds: ['talk'],
    people: ['alice', 'carol'],
    talk: [
      [1_000, 'carol-1'],
      [4_000, 'alice-1'],
      [7_000, 'carol-7'],
    ],
    endMs: 10_500,
    env: { TRANSCRIPTION_LANGUAGES: 'en,fr' },
  },
  {
    name: 'soft-voice',
    about: 'bob is hardly to be heard',
    kinds: ['talk'],
    people: ['alice', 'bob'],
    talk: [
      [1_000, 'alice-1'],
      [3_200, 'bob-1', 'bob', 0.02],
      [6_500, 'bob-2', 'bob', 0.3],
    ],
    endMs: 11_000,
  },
];
