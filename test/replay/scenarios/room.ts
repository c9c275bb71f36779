import type { Scenario } from '../record.js';
import type { Delivery, Stage } from '../stage.js';
import { MONOLOGUE, OVERLAPS, QUICK_TURNS, THREE, TURNS } from './talks.js';

const kinds = ['room'];

const delivered = (delivery: Delivery, act: (stage: Stage) => void) => (stage: Stage) => {
  stage.delivery = delivery;
  act(stage);
  stage.delivery = 'normal';
};

const republished = (['normal', 'lost', 'twice', 'late', 'reversed'] as const).map((delivery): Scenario => ({
  name: `republish-webhooks-${delivery}`,
  about: `who is talking publishes a new track; webhooks: ${delivery}`,
  kinds: ['room', 'webhooks'],
  ...MONOLOGUE,
  acts: [[4_900, delivered(delivery, (stage) => stage.republish('alice'))]],
}));

const rejoined = (['normal', 'lost'] as const).map((delivery): Scenario => ({
  name: `rejoin-webhooks-${delivery}`,
  about: `who is talking leaves and comes back under the same identity; webhooks: ${delivery}`,
  kinds: ['room', 'webhooks'],
  ...TURNS,
  acts: [[5_300, delivered(delivery, (stage) => stage.rejoin('bob'))]],
}));

export const roomScenarios: readonly Scenario[] = [
  ...republished,
  ...rejoined,
  {
    name: 'mute-in-a-word',
    about: 'alice mutes in the middle of a word and comes back 1 s later',
    kinds,
    ...TURNS,
    acts: [
      [1_600, (stage) => stage.mute('alice')],
      [2_600, (stage) => stage.mute('alice', false)],
    ],
  },
  {
    name: 'mute-often',
    about: 'bob switches his microphone off and on again and again',
    kinds,
    ...OVERLAPS,
    acts: Array.from(
      { length: 10 },
      (_, i) => [2_500 + 350 * i, (stage: Stage) => stage.mute('bob', i % 2 === 0)] as const,
    ),
  },
  {
    name: 'somebody-comes-later',
    about: 'carol comes in the middle and is told what was said',
    kinds,
    ...TURNS,
    acts: [
      [6_000, (stage) => stage.join('carol')],
      [8_600, (stage) => stage.say('carol-6')],
    ],
  },
  {
    name: 'somebody-leaves',
    about: 'bob leaves in the middle of his sentence',
    kinds,
    ...TURNS,
    acts: [[5_500, (stage) => stage.leave('bob')]],
  },
  {
    name: 'everybody-leaves',
    about: 'all leave one by one, and nobody ends the session',
    kinds,
    ...QUICK_TURNS,
    acts: [
      [8_000, (stage) => stage.leave('alice')],
      [10_000, (stage) => stage.leave('bob')],
    ],
  },
  {
    name: 'rename',
    about: 'alice takes another name between two sentences',
    kinds,
    ...TURNS,
    acts: [[5_000, (stage) => stage.rename('alice', 'Alice Liddell')]],
  },
  {
    name: 'room-started-by-webhook',
    about: 'the session begins and ends with the room',
    kinds: ['room', 'webhooks'],
    ...TURNS,
    env: { AUTO_START: 'webhook' },
    begunOtherwise: true,
    acts: [
      [100, (stage) => stage.do({ do: 'webhook', event: stage.room.webhook('room_started') })],
      [
        12_000,
        (stage) => {
          stage.leave('alice');
          stage.leave('bob');
          stage.later(100, () => stage.do({ do: 'webhook', event: stage.room.webhook('room_finished') }));
        },
      ],
    ],
  },
  {
    name: 'strangers-in-the-room',
    about: 'an agent and an egress are there too, who are not transcribed, and somebody on the phone, who is',
    kinds,
    ...THREE,
    acts: [
      [30, (stage) => stage.join('helper', { kind: 'AGENT' })],
      [40, (stage) => stage.join('phone', { kind: 'SIP' })],
      [2_000, (stage) => stage.say('bob-5', 'helper')],
      [9_600, (stage) => stage.say('bob-6', 'phone')],
    ],
  },
  {
    name: 'forged-webhooks',
    about: 'webhooks about rooms and tracks that are not there',
    kinds: ['room', 'webhooks'],
    ...TURNS,
    acts: [
      [
        2_000,
        (stage) => {
          const ghost = { identity: 'ghost', name: 'ghost', sid: 'PA_ghost' };
          stage.do({ do: 'webhook', event: stage.room.webhook('participant_joined', ghost) });
          stage.do({ do: 'webhook', event: stage.room.webhook('track_published', ghost, 'TR_ghost') });
          stage.do({ do: 'webhook', event: stage.room.webhook('track_unpublished', ghost, 'TR_alice_2') });
        },
      ],
    ],
  },
];
