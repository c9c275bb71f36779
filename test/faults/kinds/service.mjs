/** What happens to the service itself. */
export const serviceFaults = [
  { name: 'service stands still for 2 s', strike: ({ world }) => world.freeze(2_000) },
  { name: 'service stands still for 5 s', strike: ({ world }) => world.freeze(5_000), settleMs: 12_000 },
  { name: 'service stands still for 12 s', strike: ({ world }) => world.freeze(12_000), settleMs: 25_000 },
  { name: 'service is killed (-9) and restarted', strike: ({ world }) => world.restartService(), settleMs: 10_000 },
];
