import { pause } from '../pause.mjs';
import { RESTART, restartAfter } from './losses.mjs';

const egressOf = ({ world }) => world.livekit.egress;
const dies = (context) => egressOf(context).kill();

/** The worker dies, and the next starts fare as planned. */
const diesAnd = (plan) => (context) => {
  Object.assign(egressOf(context).faults, plan);
  return dies(context);
};

/** What Egress does to us. Each kind: what happens, once, while people talk. */
export const egressFaults = [
  { name: 'Egress worker dies', strike: dies, mayLose: RESTART },
  { name: 'Egress fails in the middle of the stream', strike: (context) => egressOf(context).fail(), mayLose: RESTART },
  { name: 'Egress has streamed for 12 h', strike: (context) => egressOf(context).reachLimit(), mayLose: RESTART },
  {
    name: 'somebody stops the egress over the API',
    strike: (context) => {
      for (const { egressId } of egressOf(context).running()) egressOf(context).stop(egressId);
    },
    mayLose: RESTART,
  },
  {
    name: 'Egress vanishes, connection half open',
    strike: (context) => egressOf(context).vanish(),
    mayLose: restartAfter(10, 'nobody hangs up: that nothing comes any more is noticed within 10 s'),
    recoversWithinS: 16,
    settleMs: 20_000,
  },
  {
    name: 'Egress worker dies, two starts of each answer 500',
    strike: diesAnd({ failingStarts: 4 }),
    mayLose: restartAfter(3, 'the pauses between the attempts'),
  },
  {
    name: 'Egress worker dies, two starts of each find no worker (503)',
    strike: diesAnd({ unavailableStarts: 4 }),
    mayLose: restartAfter(3, 'the pauses between the attempts'),
  },
  {
    name: 'Egress worker dies, the account is full (429) for two starts of each',
    strike: diesAnd({ limitedStarts: 4 }),
    mayLose: restartAfter(6, 'the pauses between the attempts'),
    recoversWithinS: 12,
    settleMs: 14_000,
  },
  {
    name: 'Egress worker dies, the answers of the next starts are lost',
    strike: diesAnd({ lostAnswers: 2 }),
    mayLose: restartAfter(3, 'what was started without an answer is ended first'),
    settleMs: 12_000,
  },
  {
    name: 'Egress worker dies, the next never dials',
    strike: diesAnd({ neverDialling: 2 }),
    mayLose: restartAfter(10, 'an egress has 10 s to dial'),
    recoversWithinS: 16,
    settleMs: 18_000,
  },
  {
    name: 'Egress worker dies, the Egress API answers nothing for 10 s',
    strike: async (context) => {
      egressOf(context).faults.api = 'unanswered';
      await dies(context);
      await pause(10_000);
      egressOf(context).faults.api = undefined;
    },
    mayLose: restartAfter(
      20,
      'nothing can be started for 10 s, and the last pause between attempts is as long at most',
    ),
    recoversWithinS: 24,
    settleMs: 16_000,
  },
  {
    name: 'Egress API answers 500 for 10 s',
    strike: async (context) => {
      egressOf(context).faults.api = 'failing';
      await pause(10_000);
      egressOf(context).faults.api = undefined;
    },
  },
];
