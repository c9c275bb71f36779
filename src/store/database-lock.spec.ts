import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import Sqlite from 'libsql';
import { timePasses, useVirtualTime } from '../../libs/testing/virtual-time.spec-kit.js';
import { acquire } from './database-lock.js';
import { openDatabase } from './database.js';
import { SqliteLock } from './sqlite-lock.js';

useVirtualTime();

describe('the lock of an SQLite database', () => {
  let folder: string;
  let path: string;
  let lock: SqliteLock;
  let other: SqliteLock;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'roomscribe-lock-'));
    path = join(folder, 'data', 'roomscribe.db');
    [lock, other] = [new SqliteLock(path), new SqliteLock(path)];
  });
  afterEach(async () => {
    await Promise.all([lock.release(), other.release()]);
    rmSync(folder, { recursive: true });
  });

  it('is had by one at a time', async () => {
    expect(await lock.tryAcquire()).toBe(true);
    expect(await other.tryAcquire()).toBe(false);
    await lock.release();
    expect(await other.tryAcquire()).toBe(true);
  });

  it('is the same under every name of the file', async () => {
    mkdirSync(join(folder, 'data'));
    symlinkSync(join(folder, 'data'), join(folder, 'link'));
    const linked = new SqliteLock(join(folder, 'link', 'roomscribe.db'));
    expect(await lock.tryAcquire()).toBe(true);
    expect(await linked.tryAcquire()).toBe(false);
  });

  it('leaves readers, writers, checkpoints and backups of others free', async () => {
    const database = await openDatabase(`file:${path}`, lock);
    const administrator = new Sqlite(path);
    try {
      expect(administrator.prepare('select count(*) as n from sessions').get()).toMatchObject({ n: 0 });
      expect(administrator.pragma('wal_checkpoint(TRUNCATE)')).toMatchObject([{ busy: 0 }]);
      administrator.exec(`VACUUM INTO '${join(folder, 'backup.db')}'`);
      administrator.exec('VACUUM');
    } finally {
      administrator.close();
      await database.close();
    }
    expect(await other.tryAcquire()).toBe(true);
  });

  it('is waited for, and acquired when the process before has ended', async () => {
    expect(await lock.tryAcquire()).toBe(true);
    const acquired = acquire(other).then(() => performance.now());
    await timePasses(20_000);
    const releasedAtMs = performance.now();
    await lock.release();
    expect((await acquired) - releasedAtMs).toBeLessThanOrEqual(300);
  });

  it('is given up after 30 s, with a sentence that says what to do', async () => {
    expect(await lock.tryAcquire()).toBe(true);
    const startMs = performance.now();
    await expect(openDatabase(`file:${path}`, other)).rejects.toThrow(
      /^DATABASE_URL: another Roomscribe process uses this database: end that process/,
    );
    expect(performance.now() - startMs).toBeGreaterThanOrEqual(30_000);
    expect(performance.now() - startMs).toBeLessThanOrEqual(31_000);
  });
});
