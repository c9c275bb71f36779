import { pause } from '../pause.mjs';
import { restartAfter } from './losses.mjs';

const away = async ({ world }, ms) => {
  world.livekit.refuseCalls(true);
  await pause(ms);
  world.livekit.refuseCalls(false);
};

/**
 * LiveKit's server API is away: it carries starts, lists and data packets alike. Partials that are out of date when it
 * comes back are left out, and their numbers with them.
 */
export const liveKitFaults = [
  {
    name: 'LiveKit API is down for 15 s',
    strike: (context) => away(context, 15_000),
    recoversWithinS: 18,
    settleMs: 10_000,
  },
  {
    name: 'LiveKit API is down for 60 s',
    strike: (context) => away(context, 60_000),
    recoversWithinS: 65,
    settleMs: 14_000,
  },
  {
    name: 'LiveKit API is down for 15 s, and an Egress worker dies',
    strike: async (context) => {
      await context.world.livekit.egress.kill();
      await away(context, 15_000);
    },
    mayLose: restartAfter(25, 'nothing can be started for 15 s, and the pause between two attempts is 10 s at most'),
    recoversWithinS: 30,
    settleMs: 16_000,
  },
].map((kind) => ({ mayOmitPartials: true, ...kind }));
