import { malformedMessages } from '../../../libs/sandbox/gladia/faults.js';
import type { Scenario } from '../record.js';
import type { Stage } from '../stage.js';
import { MONOLOGUE, OVERLAPS, THREE, TURNS } from './talks.js';

const kinds = ['gladia'];
const CUTS = 5;
const malformed = malformedMessages.filter((message) => typeof message === 'string');

const cut = (stage: Stage): void => stage.engineCloses();

const closes = [1001, 1009, 1011, 4408, 4500].map((code): Scenario => ({
  name: `gladia-closes-with-${code}`,
  about: `Gladia closes its socket with ${code} in the middle of a sentence`,
  kinds,
  ...TURNS,
  acts: [[5_600, (stage) => stage.engineCloses(code)]],
}));

const cutsAnywhere = [2_050, 3_333, 9_470].map((atMs): Scenario => ({
  name: `gladia-cut-at-${atMs}`,
  about: 'the connection to Gladia is cut, and resumed',
  kinds,
  ...(atMs % 2 === 0 ? TURNS : OVERLAPS),
  acts: [[atMs, cut]],
}));

const acknowledgments = (['coalesce', 'none', 'duplicate', 'beyond', 'outOfOrder'] as const).map(
  (ackMode): Scenario => ({
    name: `gladia-acks-${ackMode}`,
    about: `acknowledgments as by the sandbox's mode ${ackMode}, and a cut`,
    kinds,
    ...TURNS,
    engine: { ackMode },
    acts: [[6_000, cut]],
  }),
);

const finals = (['never', 'twice', 'changed', 'empty', 'withoutWords', 'beforePartials'] as const).map(
  (mode): Scenario => ({
    name: `gladia-finals-${mode}`,
    about: `finals as by the sandbox's mode ${mode}`,
    kinds,
    ...OVERLAPS,
    engine: { finals: mode },
  }),
);

const resumes = (['acked', 'reset'] as const).map((resumeOffset): Scenario => ({
  name: `gladia-resumes-${resumeOffset}`,
  about: `after a cut the byte counter goes on as by the sandbox's mode ${resumeOffset}`,
  kinds,
  ...TURNS,
  engine: { resumeOffset, ackDelayMs: 300 },
  acts: [[5_600, cut]],
}));

const detached = (['replay'] as const).map((detachedMessages): Scenario => ({
  name: `gladia-while-away-${detachedMessages}`,
  about: `what Gladia says while nobody is connected: ${detachedMessages}`,
  kinds,
  ...OVERLAPS,
  engine: { detachedMessages },
  acts: [
    [4_300, cut],
    [8_800, cut],
  ],
}));

export const gladiaScenarios: readonly Scenario[] = [
  ...closes,
  ...cutsAnywhere,
  ...acknowledgments,
  ...finals,
  ...resumes,
  ...detached,
  {
    name: 'gladia-cut-many-times',
    about: `the connection to Gladia is cut ${CUTS} times, anywhere in words`,
    kinds,
    ...MONOLOGUE,
    acts: Array.from({ length: CUTS }, (_, i) => [1_700 + 2_037 * i, cut] as const),
  },
  {
    name: 'gladia-half-open',
    about: 'Gladia falls silent while its socket stays open',
    kinds,
    ...MONOLOGUE,
    afterMs: 25_000,
    acts: [[3_000, (stage) => stage.engineDies()]],
  },
  {
    name: 'gladia-stops-reading',
    about: 'Gladia does not read for 5 s',
    kinds,
    ...MONOLOGUE,
    acts: [[4_000, (stage) => stage.engineStopsReading(5_000)]],
  },
  {
    name: 'gladia-malformed-messages',
    about: 'Gladia sends what is no message of its protocol',
    kinds,
    ...TURNS,
    acts: malformed.map((message, i) => [2_000 + 400 * i, (stage: Stage) => stage.engineSays(message)] as const),
  },
  {
    name: 'gladia-upgrades-503',
    about: 'a cut, and three upgrades answer 503',
    kinds,
    ...TURNS,
    acts: [
      [
        4_800,
        (stage) => {
          stage.engine.faults.upgrades.push(503, 503, 503);
          stage.engineCloses();
        },
      ],
    ],
  },
  {
    name: 'gladia-upgrade-unanswered',
    about: 'a cut, and the next upgrade is reset',
    kinds,
    ...THREE,
    acts: [
      [
        4_800,
        (stage) => {
          stage.engine.faults.upgrades.push('reset', 503);
          stage.engineCloses();
        },
      ],
    ],
  },
  {
    name: 'gladia-session-gone-then-429',
    about: 'a cut, the session is gone, and new ones are refused twice with 429',
    kinds,
    ...TURNS,
    afterMs: 14_000,
    acts: [
      [
        5_000,
        (stage) => {
          stage.engine.faults.upgrades.push(403);
          stage.engine.faults.posts.push({ status: 429 }, { status: 429, headers: { 'retry-after': '2' } });
          stage.engineCloses();
        },
      ],
    ],
  },
  {
    name: 'gladia-first-posts-fail',
    about: 'the first session is refused with 429, 500 and 502',
    kinds,
    ...TURNS,
    afterMs: 12_000,
    acts: [[50, (stage) => stage.engine.faults.posts.push({ status: 429 }, { status: 500 }, { status: 502 })]],
  },
  {
    name: 'gladia-key-refused',
    about: 'Gladia refuses the key',
    kinds,
    ...TURNS,
    engine: { apiKeys: [] },
  },
  {
    name: 'gladia-full',
    about: 'the account has no session free',
    kinds,
    ...TURNS,
    engine: { maxSessions: 0, retryAfter: 3 },
  },
  {
    name: 'gladia-loses-frames',
    about: 'every 40th frame of sound is lost at Gladia, and then the connection',
    kinds,
    ...TURNS,
    engine: { loseEveryNthFrame: 40 },
    acts: [[9_000, cut]],
  },
  {
    name: 'gladia-ids-restart',
    about: 'utterances are counted from 0 again after a cut',
    kinds,
    ...OVERLAPS,
    engine: { idsRestart: true },
    acts: [[4_900, cut]],
  },
  {
    name: 'gladia-clock-drifts',
    about: 'the times of acknowledgments run ahead of the sound by two percent',
    kinds,
    ...TURNS,
    engine: { ackTimeDrift: 0.02 },
    acts: [[5_900, cut]],
  },
  {
    name: 'gladia-never-closes',
    about: 'Gladia does not end its session after the stop',
    kinds,
    ...TURNS,
    engine: { post: 'hang' },
    afterMs: 16_000,
  },
  {
    name: 'gladia-cut-at-the-end',
    about: 'the connection is cut after the stop, before the last finals: they are read over HTTP',
    kinds,
    ...TURNS,
    engine: { finalDelayMs: 1_500 },
    afterMs: 20_000,
    acts: [[12_700, cut]],
  },
  {
    name: 'gladia-session-too-long',
    about: 'Gladia ends its session by itself after 6 s',
    kinds,
    ...MONOLOGUE,
    engine: { maxSessionMs: 6_000 },
  },
  {
    name: 'gladia-retention-delete',
    about: 'what Gladia keeps is deleted at the end',
    kinds,
    ...TURNS,
    env: { GLADIA_RETENTION: 'delete' },
    afterMs: 12_000,
  },
  {
    name: 'gladia-session-elsewhere',
    about: 'Gladia names a socket on a host that is not its own',
    kinds,
    ...TURNS,
    engine: { sessionUrl: 'elsewhere' },
  },
];
