import { setTimeout as sleep } from 'node:timers/promises';
import Sqlite from 'libsql';
import { RESTART, restartAfter, type FaultKind } from '../fault-kind.js';

const frozenFor = (seconds: number): FaultKind => ({
  name: `service is frozen for ${seconds} s`,
  inject: ({ world }) => world.freeze(seconds * 1_000),
  recoversWithinS: seconds + 8,
  settleMs: 8_000 + seconds * 1_200,
});

/** Faults of the service itself, and of its database. */
export const serviceFaults: readonly FaultKind[] = [
  ...[2, 5, 10, 12].map(frozenFor),
  {
    ...frozenFor(30),
    mayLose: {
      seconds: 10,
      because: 'Egress and the network hold some 20 s for a peer that does not read; the rest is lost there',
    },
  },
  {
    name: 'service is killed (-9) and restarted',
    inject: ({ world }) => world.restartService(),
    mayLose: RESTART,
    settleMs: 10_000,
  },
  {
    name: 'service is killed (-9) while Gladia has not read for 7 s',
    inject: async ({ world }) => {
      await world.toEveryGladiaSession({ action: 'pause', ms: 60_000 });
      await sleep(7_000);
      await world.restartService();
    },
    mayLose: restartAfter(8, 'sound that Gladia has not transcribed is lost with the service that keeps it'),
    settleMs: 10_000,
    recoversWithinS: 15,
  },
  { name: 'database is locked for 10 s', inject: ({ world }) => lock(world.databaseFile, 10_000), settleMs: 12_000 },
];

/** Another process writes to the database and does not come to an end. */
async function lock(path: string, ms: number): Promise<void> {
  const database = new Sqlite(path);
  try {
    database.exec('PRAGMA busy_timeout = 1000');
    database.exec('BEGIN IMMEDIATE');
    await sleep(ms);
    database.exec('ROLLBACK');
  } finally {
    database.close();
  }
}
