/** What Egress does to us. Each kind: what happens, once, while somebody talks. */
export const egressFaults = [
  { name: 'Egress worker dies', strike: ({ world }) => world.livekit.egress.kill() },
  {
    name: 'Egress worker dies, three starts answer 500',
    strike: ({ world }) => {
      world.livekit.egress.faults.failingStarts = 3;
      return world.livekit.egress.kill();
    },
  },
  {
    name: 'Egress worker dies, three starts find no worker (503)',
    strike: ({ world }) => {
      world.livekit.egress.faults.unavailableStarts = 3;
      return world.livekit.egress.kill();
    },
  },
  {
    name: 'Egress worker dies, the next never dials',
    strike: ({ world }) => {
      world.livekit.egress.faults.neverDialling = 1;
      return world.livekit.egress.kill();
    },
    settleMs: 14_000,
  },
  {
    name: 'somebody stops the egress over the API',
    strike: ({ world }) => {
      for (const { egressId } of world.livekit.egress.list({ active: true })) world.livekit.egress.stop(egressId);
    },
  },
];
