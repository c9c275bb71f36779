import type { Scenario } from '../record.js';
import { OVERLAPS, THREE, TURNS } from './talks.js';

const kinds = ['livekit'];

export const liveKitScenarios: readonly Scenario[] = [
  {
    name: 'livekit-down-5s',
    about: 'LiveKit answers 503 to everything for 5 s',
    kinds,
    ...TURNS,
    acts: [[3_000, (stage) => stage.livekitDown(5_000)]],
  },
  {
    name: 'livekit-down-15s',
    about: 'LiveKit answers 503 to everything for 15 s, past the end of the talk',
    kinds,
    ...OVERLAPS,
    afterMs: 16_000,
    acts: [[2_500, (stage) => stage.livekitDown(15_000)]],
  },
  {
    name: 'livekit-unanswered',
    about: 'LiveKit answers nothing for 6 s',
    kinds,
    ...TURNS,
    afterMs: 14_000,
    acts: [[3_000, (stage) => stage.livekitDown(6_000, 0)]],
  },
  {
    name: 'livekit-down-egress-dies',
    about: 'LiveKit is down for 8 s, and an egress dies at the beginning of it',
    kinds: ['livekit', 'egress'],
    ...TURNS,
    afterMs: 18_000,
    acts: [
      [3_000, (stage) => stage.egress('dies', 'alice')],
      [3_010, (stage) => stage.livekitDown(8_000)],
    ],
  },
  {
    name: 'livekit-packets-refused',
    about: 'data packets are refused with 500 for 3 s',
    kinds,
    ...OVERLAPS,
    acts: [[3_000, (stage) => stage.livekitDown(3_000, 500, ['SendData'])]],
  },
  {
    name: 'livekit-room-not-there',
    about: 'LiveKit does not know the room for 4 s when packets are sent',
    kinds,
    ...TURNS,
    acts: [[3_000, (stage) => stage.livekitDown(4_000, 404, ['SendData'])]],
  },
  {
    name: 'livekit-lists-fail',
    about: 'rooms and participants cannot be listed for 6 s, while somebody comes',
    kinds,
    ...TURNS,
    acts: [
      [2_000, (stage) => stage.livekitDown(6_000, 503, ['ListRooms', 'ListParticipants'])],
      [3_000, (stage) => stage.join('carol')],
      [9_500, (stage) => stage.say('carol-7')],
    ],
  },
  {
    name: 'livekit-key-refused',
    about: 'LiveKit refuses to start an egress',
    kinds,
    ...THREE,
    acts: [[50, (stage) => stage.livekitDown(5_000, 403, ['StartTrackEgress'])]],
  },
];
