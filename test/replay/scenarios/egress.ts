import type { Scenario } from '../record.js';
import type { StartFault } from '../room-model.js';
import type { Stage } from '../stage.js';
import { FOUR, MONOLOGUE, OVERLAPS, THREE, TURNS } from './talks.js';

const kinds = ['egress'];
const AT_MS = 5_000;

const dies =
  (...next: StartFault[]) =>
  (stage: Stage): void => {
    stage.room.startFaults.push(...next);
    stage.egress('dies');
  };

const ends = (['dies', 'fails', 'reaches-limit'] as const).map((fate): Scenario => ({
  name: `egress-${fate}`,
  about: `every egress ${fate.replace('-', ' ')} in the middle of a sentence`,
  kinds,
  ...TURNS,
  acts: [[AT_MS, (stage) => stage.egress(fate)]],
}));

const refusals = [500, 503, 429].map((status): Scenario => ({
  name: `egress-dies-then-${status}`,
  about: `every egress dies, and the next starts answer ${status}`,
  kinds,
  ...TURNS,
  afterMs: 14_000,
  acts: [
    [AT_MS, dies(...Array<StartFault>(4).fill({ status, ...(status === 429 && { code: 'resource_exhausted' }) }))],
  ],
}));

const settings = (
  [
    ['pairs', { AUDIO_SOURCE: 'paired-egress' }],
    ['room', { AUDIO_SOURCE: 'room-egress' }],
    ['two-slots', { EGRESS_MAX_CONCURRENT: '2' }],
    ['two-slots-pair', { EGRESS_MAX_CONCURRENT: '2', EGRESS_OVERFLOW: 'pair' }],
    ['one-slot-room', { EGRESS_MAX_CONCURRENT: '1', EGRESS_OVERFLOW: 'room-egress' }],
  ] as const
).flatMap(([called, env]): Scenario[] => [
  { name: `${called}-talk`, about: `four people with the setting ${called}`, kinds: ['egress', 'slots'], ...FOUR, env },
  {
    name: `${called}-dies`,
    about: `every egress dies with the setting ${called}`,
    kinds: ['egress', 'slots'],
    ...FOUR,
    env,
    acts: [[4_000, (stage) => stage.egress('dies')]],
  },
]);

export const egressScenarios: readonly Scenario[] = [
  ...ends,
  ...refusals,
  ...settings,
  {
    name: 'egress-vanishes',
    about: 'an egress falls silent while its socket stays open',
    kinds,
    ...MONOLOGUE,
    afterMs: 16_000,
    acts: [[3_000, (stage) => stage.egress('vanishes')]],
  },
  {
    name: 'egress-answers-lost',
    about: 'every egress dies, and the answers of the next starts are lost',
    kinds,
    ...TURNS,
    afterMs: 16_000,
    acts: [[AT_MS, dies('answer-lost', 'answer-lost')]],
  },
  {
    name: 'egress-never-dials',
    about: 'every egress dies, and the next never connects',
    kinds,
    ...TURNS,
    afterMs: 16_000,
    acts: [[AT_MS, dies('never-dials', 'never-dials')]],
  },
  {
    name: 'egress-old-server',
    about: 'pairs, where LiveKit is too old for them',
    kinds: ['egress', 'slots'],
    ...TURNS,
    env: { AUDIO_SOURCE: 'paired-egress' },
    acts: [[50, (stage) => stage.room.startFaults.push({ status: 404, code: 'bad_route' })]],
  },
  {
    name: 'egress-api-500',
    about: 'the Egress API answers 500 for 8 s, and an egress dies meanwhile',
    kinds,
    ...OVERLAPS,
    afterMs: 16_000,
    acts: [
      [3_000, (stage) => stage.livekitDown(8_000, 500, ['StartTrackEgress', 'StopEgress', 'ListEgress'])],
      [3_500, (stage) => stage.egress('dies', 'bob')],
    ],
  },
  {
    name: 'egress-late-burst',
    about: 'the frames of alice are held back for 1.2 s and come at once',
    kinds: ['egress', 'delay'],
    ...OVERLAPS,
    acts: [[1_800, (stage) => stage.egress({ holdMs: 1_200 }, 'alice')]],
  },
  {
    name: 'egress-jitter',
    about: 'frames come in bursts of 300 ms',
    kinds: ['egress', 'delay'],
    ...THREE,
    acts: Array.from(
      { length: 20 },
      (_, i) => [1_000 + 400 * i, (stage: Stage) => stage.egress({ holdMs: 300 })] as const,
    ),
  },
  {
    name: 'egress-idle-release',
    about: 'two slots for three people: who is silent gives up a slot',
    kinds: ['egress', 'slots'],
    ...THREE,
    env: { EGRESS_MAX_CONCURRENT: '2', EGRESS_IDLE_RELEASE_S: '2' },
  },
];
