import type { Scenario } from '../record.js';
import { MONOLOGUE, OVERLAPS, THREE, TURNS } from './talks.js';

const kinds = ['service'];
const LONG_AFTER_MS = 16_000;

const restarts = [2_100, 4_600].map((atMs): Scenario => ({
  name: `restart-at-${atMs}`,
  about: 'the service is killed and started again 1 s later',
  kinds,
  ...(atMs === 4_600 ? OVERLAPS : TURNS),
  afterMs: LONG_AFTER_MS,
  acts: [[atMs, (stage) => stage.restart()]],
}));

const stalls = [500, 5_000].map((forMs): Scenario => ({
  name: `stall-of-${forMs}`,
  about: `the service stands still for ${forMs} ms`,
  kinds,
  ...MONOLOGUE,
  acts: [[4_400, (stage) => stage.stall(forMs)]],
}));

export const serviceScenarios: readonly Scenario[] = [
  ...restarts,
  ...stalls,
  {
    name: 'restart-with-pairs',
    about: 'the service is killed while pairs stream',
    kinds: ['service', 'egress'],
    ...TURNS,
    env: { AUDIO_SOURCE: 'paired-egress' },
    afterMs: LONG_AFTER_MS,
    acts: [[5_000, (stage) => stage.restart()]],
  },
  {
    name: 'restart-per-speaker',
    about: 'the service is killed while each speaker has a channel',
    kinds: ['service', 'per-speaker'],
    ...THREE,
    env: { GLADIA_CHANNELS: 'per-speaker:4' },
    afterMs: LONG_AFTER_MS,
    acts: [[5_000, (stage) => stage.restart()]],
  },
  {
    name: 'restart-after-the-end',
    about: 'the service is killed just after the session was asked to end',
    kinds,
    ...TURNS,
    afterMs: LONG_AFTER_MS,
    acts: [[12_800, (stage) => stage.restart()]],
  },
  {
    name: 'restart-livekit-down',
    about: 'the service is killed, and LiveKit is down when it comes back',
    kinds: ['service', 'livekit'],
    ...TURNS,
    afterMs: LONG_AFTER_MS,
    acts: [
      [4_000, (stage) => stage.restart()],
      [4_500, (stage) => stage.livekitDown(4_000)],
    ],
  },
  {
    name: 'ended-early',
    about: 'the session is ended in the middle of a word',
    kinds: ['api'],
    ...TURNS,
    endMs: 5_300,
  },
  {
    name: 'api-misuse',
    about: 'calls that are refused: no right, no such session, live after the end, bad bodies',
    kinds: ['api'],
    ...TURNS,
    acts: [
      [600, (stage) => stage.rest('POST', '/sessions', { room: 'replay' })],
      [700, (stage) => stage.rest('POST', '/sessions', { room: 'elsewhere' })],
      [800, (stage) => stage.rest('POST', '/sessions', { rooms: 1 })],
      [900, (stage) => stage.rest('GET', '/sessions/no-such-session')],
      [1_000, (stage) => stage.rest('POST', '/sessions/{session}/end', {}, { identity: 'alice' })],
      [6_000, (stage) => stage.rest('GET', '/sessions/{session}/transcript')],
      [6_100, (stage) => stage.rest('GET', '/sessions/{session}')],
      [6_200, (stage) => stage.rest('GET', '/sessions')],
      [15_500, (stage) => stage.rest('POST', '/sessions/{session}/live')],
      [15_600, (stage) => stage.rest('POST', '/sessions/{session}/end')],
    ],
  },
];
