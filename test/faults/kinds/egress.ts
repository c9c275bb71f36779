import { setTimeout as sleep } from 'node:timers/promises';
import type { EgressFaults } from '../../../libs/sandbox/egress/egress-faults.js';
import type { EgressService } from '../../../libs/sandbox/egress/egress-service.js';
import { runningEgresses } from '../egresses.js';
import { RESTART, restartAfter, type FaultContext, type FaultKind } from '../fault-kind.js';

const egressOf = ({ world }: FaultContext): EgressService => world.livekit.egress;
const dies = (context: FaultContext): Promise<void> => egressOf(context).kill();

/** The worker dies, and the next starts fare as planned. */
const diesAnd =
  (plan: Partial<EgressFaults>) =>
  (context: FaultContext): Promise<void> => {
    Object.assign(egressOf(context).faults, plan);
    return dies(context);
  };

/** The Egress API fails for a while, and `then` happens as soon as it does. */
const apiFails =
  (how: 'unanswered' | 'failing', then?: (context: FaultContext) => Promise<void>) =>
  async (context: FaultContext): Promise<void> => {
    egressOf(context).faults.api = how;
    await then?.(context);
    await sleep(10_000);
    egressOf(context).faults.api = undefined;
  };

const BETWEEN_ATTEMPTS = 'the pauses between the attempts';

/** Faults of Egress and of its API. */
export const egressFaults: readonly FaultKind[] = [
  { name: 'Egress worker dies', inject: dies, mayLose: RESTART },
  { name: 'Egress fails in the middle of the stream', inject: (context) => egressOf(context).fail(), mayLose: RESTART },
  { name: 'Egress has streamed for 12 h', inject: (context) => egressOf(context).reachLimit(), mayLose: RESTART },
  {
    name: 'somebody stops the egress over the API',
    inject: ({ world: { livekit } }) => {
      for (const { egressId } of runningEgresses(livekit)) livekit.egress.stop(egressId);
    },
    mayLose: RESTART,
  },
  {
    name: 'Egress vanishes, connection half open',
    inject: (context) => egressOf(context).vanish(),
    mayLose: restartAfter(10, 'the connection is not closed: that nothing comes any more is noticed within 10 s'),
    recoversWithinS: 16,
    settleMs: 20_000,
  },
  {
    name: 'Egress worker dies, two starts of each answer 500',
    inject: diesAnd({ failingStarts: 4 }),
    mayLose: restartAfter(3, BETWEEN_ATTEMPTS),
  },
  {
    name: 'Egress worker dies, two starts of each find no worker (503)',
    inject: diesAnd({ unavailableStarts: 4 }),
    mayLose: restartAfter(3, BETWEEN_ATTEMPTS),
  },
  {
    name: 'Egress worker dies, the account is full (429) for two starts of each',
    inject: diesAnd({ limitedStarts: 4 }),
    mayLose: restartAfter(6, BETWEEN_ATTEMPTS),
    recoversWithinS: 12,
    settleMs: 14_000,
  },
  {
    name: 'Egress worker dies, the answers of the next starts are lost',
    inject: diesAnd({ lostAnswers: 2 }),
    mayLose: restartAfter(3, 'what was started without an answer is ended first'),
    settleMs: 12_000,
  },
  {
    name: 'Egress worker dies, the next never dials',
    inject: diesAnd({ neverDialling: 2 }),
    mayLose: restartAfter(10, 'an egress has 10 s to dial'),
    recoversWithinS: 16,
    settleMs: 18_000,
  },
  {
    name: 'Egress worker dies, the Egress API answers nothing for 10 s',
    inject: apiFails('unanswered', dies),
    mayLose: restartAfter(
      20,
      'nothing can be started for 10 s, and the last pause between attempts is as long at most',
    ),
    recoversWithinS: 24,
    settleMs: 16_000,
  },
  { name: 'Egress API answers 500 for 10 s', inject: apiFails('failing') },
];
