import Sqlite from 'libsql';
import { pause } from '../pause.mjs';
import { RESTART, restartAfter } from './losses.mjs';

const standsStill = (seconds) => ({
  name: `service stands still for ${seconds} s`,
  strike: ({ world }) => world.freeze(seconds * 1_000),
  recoversWithinS: seconds + 8,
  settleMs: 8_000 + seconds * 1_200,
});

/** What happens to the service itself, and to what it stands on. */
export const serviceFaults = [
  ...[2, 5, 10, 12].map(standsStill),
  {
    ...standsStill(30),
    mayLose: {
      seconds: 10,
      because: 'Egress and the network hold some 20 s for who does not read; the rest is lost there',
    },
  },
  {
    name: 'service is killed (-9) and restarted',
    strike: ({ world }) => world.restartService(),
    mayLose: RESTART,
    settleMs: 10_000,
  },
  {
    name: 'service is killed (-9) while Gladia has not read for 7 s',
    strike: async ({ world }) => {
      await world.everyGladiaSession('pause', { ms: 60_000 });
      await pause(7_000);
      await world.restartService();
    },
    mayLose: restartAfter(8, 'what Gladia has not put into words is lost with the service that keeps it'),
    settleMs: 10_000,
    recoversWithinS: 15,
  },
  { name: 'database is locked for 10 s', strike: ({ world }) => lock(world.databaseFile, 10_000), settleMs: 12_000 },
];

/** Somebody else writes to the database and does not come to an end. */
async function lock(path, ms) {
  const database = new Sqlite(path);
  try {
    database.exec('PRAGMA busy_timeout = 1000');
    database.exec('BEGIN IMMEDIATE');
    await pause(ms);
    database.exec('ROLLBACK');
  } finally {
    database.close();
  }
}
