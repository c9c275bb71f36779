import { setTimeout as sleep } from 'node:timers/promises';
import { restartAfter, type FaultContext, type FaultKind } from '../fault-kind.js';

async function apiIsDown({ world }: FaultContext, ms: number): Promise<void> {
  world.livekit.refuseCalls(true);
  await sleep(ms);
  world.livekit.refuseCalls(false);
}

/**
 * LiveKit's server API is down: it serves starts, lists and data packets alike. Partials that are out of date when it
 * comes back are left out, and their numbers with them.
 */
const outages: readonly FaultKind[] = [
  {
    name: 'LiveKit API is down for 15 s',
    inject: (context) => apiIsDown(context, 15_000),
    recoversWithinS: 18,
    settleMs: 10_000,
  },
  {
    name: 'LiveKit API is down for 60 s',
    inject: (context) => apiIsDown(context, 60_000),
    recoversWithinS: 65,
    settleMs: 14_000,
  },
  {
    name: 'LiveKit API is down for 15 s, and an Egress worker dies',
    inject: async (context) => {
      await context.world.livekit.egress.kill();
      await apiIsDown(context, 15_000);
    },
    mayLose: restartAfter(25, 'nothing can be started for 15 s, and the pause between two attempts is 10 s at most'),
    recoversWithinS: 30,
    settleMs: 16_000,
  },
];

export const liveKitFaults = outages.map((kind): FaultKind => ({ mayOmitPartials: true, ...kind }));
