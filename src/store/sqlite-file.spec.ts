import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import Sqlite from 'libsql';
import { openDatabase, type Database } from './database.js';

describe('an SQLite file that others use, too', () => {
  let folder: string;
  let path: string;
  let database: Database;
  let other: Sqlite.Database;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'roomscribe-sqlite-'));
    path = join(folder, 'roomscribe.db');
    database = await openDatabase(`file:${path}`);
    other = new Sqlite(path);
  });
  afterEach(async () => {
    other.close();
    await database.close();
    rmSync(folder, { recursive: true });
  });

  const write = (...seqs: number[]): Promise<unknown> =>
    database.run((tables) =>
      tables
        .insertInto('messages')
        .values(seqs.map((seq) => ({ session_id: 's', seq, kind: 'final', delivered_seq: 0, body: '{}' })))
        .execute(),
    );
  const writeInTransaction = (seq: number): Promise<unknown> =>
    database.run((tables) =>
      tables
        .transaction()
        .execute((all) =>
          all
            .insertInto('messages')
            .values({ session_id: 's', seq, kind: 'final', delivered_seq: 0, body: '{}' })
            .execute(),
        ),
    );
  /** What is committed, as another connection reads it. */
  const committed = (): number[] => {
    const reader = new Sqlite(path, { readonly: true });
    try {
      return (reader.prepare('select seq from messages order by seq').all() as { seq: number }[]).map(({ seq }) => seq);
    } finally {
      reader.close();
    }
  };

  it.each<[string, (seq: number) => Promise<unknown>]>([
    ['a write', (seq) => write(seq)],
    ['a transaction', writeInTransaction],
  ])('%s that meets a lock is refused, and what is written after it is committed', async (_, attempt) => {
    await attempt(1);
    other.exec('BEGIN IMMEDIATE');
    await expect(attempt(2)).rejects.toThrow(/locked/);
    other.exec('ROLLBACK');
    await write(3, 4);
    expect(committed()).toEqual([1, 3, 4]);
    await attempt(2);
    expect(committed()).toEqual([1, 2, 3, 4]);
  });

  it('leaves the lock to others after each write', async () => {
    other.exec('BEGIN IMMEDIATE');
    await expect(write(1)).rejects.toThrow(/locked/);
    other.exec('ROLLBACK');
    await write(1, 2);
    other.exec('PRAGMA busy_timeout = 0');
    other.exec('BEGIN IMMEDIATE');
    other.exec('COMMIT');
    other.exec('VACUUM');
    expect(other.pragma('wal_checkpoint(TRUNCATE)')).toMatchObject([{ busy: 0 }]);
  });

  it('takes back a write that fails in the middle', async () => {
    await write(1);
    await expect(write(2, 1)).rejects.toThrow(/UNIQUE/);
    await write(3);
    expect(committed()).toEqual([1, 3]);
  });

  it('writes on after others have vacuumed the file and moved its log into it', async () => {
    for (let seq = 1; seq <= 20; seq += 1) {
      await write(seq);
      other.exec(seq % 2 === 0 ? 'VACUUM' : 'PRAGMA wal_checkpoint(TRUNCATE)');
    }
    expect(committed()).toHaveLength(20);
  });
});
