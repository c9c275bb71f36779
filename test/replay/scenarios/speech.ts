import type { Scenario } from '../record.js';
import type { Stage } from '../stage.js';
import type { Json } from '../recording.js';
import { OVERLAPS, THREE, TURNS } from './talks.js';

const translates = { TRANSLATION_LANGUAGES: 'fr,de' };
const fallback = { SERVER_TRANSCRIPTION: 'fallback' };

const translations = (['normal', 'failed'] as const).map((addons): Scenario => ({
  name: `translations-${addons}`,
  about: `translations into two languages: ${addons}`,
  kinds: ['translations'],
  ...OVERLAPS,
  env: translates,
  engine: { addons, addonDelayMs: 400 },
}));

/** What a browser makes of what its own participant says. */
const typed =
  (identity: string, text: string, startMs: number, endMs: number, more: Readonly<Record<string, Json>> = {}) =>
  (stage: Stage): void => {
    const segment = { final: true, text, startMs, endMs, ...more };
    stage.rest('POST', '/sessions/{session}/transcript', segment, { identity, name: identity });
  };

const partial = { segmentId: 'a1', final: false };

export const speechScenarios: readonly Scenario[] = [
  ...translations,
  {
    name: 'translations-cut',
    about: 'translations, and the connection to Gladia is cut',
    kinds: ['translations', 'gladia'],
    ...TURNS,
    env: translates,
    acts: [[5_600, (stage) => stage.engineCloses()]],
  },
  {
    name: 'insights',
    about: 'named entities, sentiment and a summary',
    kinds: ['translations'],
    ...THREE,
    env: { GLADIA_NAMED_ENTITIES: 'true', GLADIA_SENTIMENT: 'true', GLADIA_SUMMARY: 'general' },
    afterMs: 12_000,
  },
  {
    name: 'unsure-words',
    about: 'words and utterances of which Gladia is not sure are left out',
    kinds: ['talk'],
    ...OVERLAPS,
    env: { CONFIDENCE_MIN_PARTIAL: '0.8', CONFIDENCE_MIN_FINAL: '0.9', MIN_UTTERANCE_MS: '300' },
  },
  {
    name: 'hybrid-typed-and-server',
    about: 'alice’s browser sends her words as well; each sentence is shown once',
    kinds: ['hybrid'],
    ...TURNS,
    acts: [
      [2_000, typed('alice', 'Good morning', 500, 1_200, partial)],
      [3_800, typed('alice', 'Good morning everyone, shall we get started?', 500, 3_000, { segmentId: 'a1' })],
      [11_500, typed('alice', 'Version four ships to customers next Tuesday.', 7_600, 10_500)],
    ],
  },
  {
    name: 'hybrid-fallback',
    about: 'the server transcribes only whom no browser does',
    kinds: ['hybrid'],
    ...TURNS,
    env: fallback,
    acts: [
      [2_000, typed('alice', 'Good morning', 500, 1_200, partial)],
      [3_800, typed('alice', 'Good morning everyone, shall we get started?', 500, 3_000, { segmentId: 'a1' })],
    ],
  },
  {
    name: 'hybrid-browser-stops',
    about: 'alice’s browser stops sending words, and the server takes over',
    kinds: ['hybrid'],
    people: ['alice', 'bob'],
    talk: [
      [1_000, 'alice-1'],
      [5_000, 'alice-2'],
      [9_000, 'alice-3'],
      [13_000, 'alice-4'],
    ],
    endMs: 17_500,
    env: fallback,
    acts: [[3_800, typed('alice', 'Good morning everyone, shall we get started?', 500, 3_000)]],
  },
  {
    name: 'hybrid-server-off',
    about: 'the words of browsers alone',
    kinds: ['hybrid'],
    ...TURNS,
    env: { SERVER_TRANSCRIPTION: 'off' },
    acts: [
      [3_800, typed('alice', 'Good morning everyone, shall we get started?', 500, 3_000)],
      [7_500, typed('bob', 'My team finished every billing test yesterday.', 3_700, 7_000)],
    ],
  },
  {
    name: 'hybrid-cut',
    about: 'words of browsers while the connection to Gladia is cut',
    kinds: ['hybrid', 'gladia'],
    ...TURNS,
    acts: [
      [3_800, typed('alice', 'Good morning everyone, shall we get started?', 500, 3_000)],
      [5_000, (stage) => stage.engineCloses()],
      [7_900, typed('bob', 'My team finished every billing test yesterday.', 3_700, 7_000)],
    ],
  },
  {
    name: 'hybrid-flood',
    about: 'a browser sends more segments than is allowed, wrong ones among them',
    kinds: ['hybrid', 'api'],
    ...TURNS,
    acts: [
      ...Array.from(
        { length: 30 },
        (_, i) => [2_000 + 5 * i, typed('alice', `word ${i}`, 1_000 + i, 1_500 + i)] as const,
      ),
      [4_000, typed('bob', '', 3_000, 2_000)],
      [4_100, typed('mallory', 'I am not here.', 3_000, 3_500)],
    ],
  },
  {
    name: 'hybrid-per-speaker',
    about: 'words of a browser, and a channel for each speaker',
    kinds: ['hybrid', 'per-speaker'],
    ...THREE,
    env: { ...fallback, GLADIA_CHANNELS: 'per-speaker:4' },
    acts: [[4_600, typed('alice', 'Version four ships to customers next Tuesday.', 500, 3_300)]],
  },
];
