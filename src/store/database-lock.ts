import { setTimeout as wait } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { DatabaseUnusable } from './database-unusable.js';

/** How long a new process waits for the one before it to end, as in a rolling update. */
const WAIT_MS = 30_000;
const TRY_EVERY_MS = 250;

/**
 * The right of one process to use a database: two would both transcribe the same rooms, and each would end the egresses of
 * the other. It ends with the process, however that ends, and keeps nobody from reading, backing up or checkpointing.
 */
export interface DatabaseLock {
  /** Resolves with whether this process has the lock. @throws what the database throws */
  tryAcquire(): Promise<boolean>;
  release(): Promise<void>;
}

/** @throws DatabaseUnusable when another process still has the lock after `waitMs` */
export async function acquire(lock: DatabaseLock, waitMs = WAIT_MS): Promise<void> {
  const giveUpAtMs = performance.now() + waitMs;
  if (await lock.tryAcquire()) return;
  new Logger('Store').warn(`another process uses this database; waiting up to ${waitMs / 1000} s for it to end`);
  while (performance.now() < giveUpAtMs) {
    await wait(TRY_EVERY_MS);
    if (await lock.tryAcquire()) return;
  }
  throw new DatabaseUnusable(
    'DATABASE_URL: another Roomscribe process uses this database: end that process, or give this one a database of its own',
  );
}
