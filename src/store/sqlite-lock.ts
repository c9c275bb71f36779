import { existsSync, mkdirSync, realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import Sqlite from 'libsql';
import type { DatabaseLock } from './database-lock.js';

/**
 * An open transaction on an empty SQLite file beside the database, `NAME-lock`: the system ends it with the process, also on
 * `kill -9` and across containers that share the folder, and nobody else has a reason to open that file.
 */
export class SqliteLock implements DatabaseLock {
  #file: Sqlite.Database | undefined;

  /** @param path of the database; names that lead to the same file share the lock */
  constructor(private readonly path: string) {}

  // eslint-disable-next-line @typescript-eslint/require-await -- SQLite answers at once
  async tryAcquire(): Promise<boolean> {
    mkdirSync(dirname(this.path), { recursive: true, mode: 0o700 });
    const file = new Sqlite(`${realPath(this.path)}-lock`);
    try {
      file.exec('BEGIN IMMEDIATE');
    } catch (error) {
      file.close();
      if ((error as { code?: unknown }).code === 'SQLITE_BUSY') return false;
      throw error;
    }
    this.#file = file;
    return true;
  }

  release(): Promise<void> {
    this.#file?.close();
    this.#file = undefined;
    return Promise.resolve();
  }
}

const realPath = (path: string): string =>
  existsSync(path) ? realpathSync(path) : join(realpathSync(dirname(path)), basename(path));
