import { PostgresDialect, SqliteDialect, type Dialect } from 'kysely';
import type { DatabaseLock } from './database-lock.js';

const IN_MEMORY = ':memory:';
const POSTGRES_TIMEOUT_MS = 2_000;
const MAX_CONNECTIONS = 5;

/** The driver for a `DATABASE_URL`; only the one that is needed is loaded. */
export function dialectFor(url: string): Promise<Dialect> {
  return isSqlite(url) ? sqlite(pathOf(url)) : postgres(url);
}

/**
 * The lock of the database at a `DATABASE_URL`; none for one in memory, which nobody else can open.
 *
 * @param onTaken called when the lock was lost, and another process has it
 */
export async function lockFor(url: string, onTaken: () => void): Promise<DatabaseLock | undefined> {
  if (!isSqlite(url)) return new (await import('./postgres-lock.js')).PostgresLock(url, onTaken);
  return pathOf(url) === IN_MEMORY ? undefined : new (await import('./sqlite-lock.js')).SqliteLock(pathOf(url));
}

export const isSqlite = (url: string): boolean => url.startsWith('file:');
const pathOf = (url: string): string => url.slice('file:'.length);

async function sqlite(path: string): Promise<Dialect> {
  const { SqliteFile } = await import('./sqlite-file.js');
  return new SqliteDialect({ database: new SqliteFile(path) });
}

async function postgres(connectionString: string): Promise<Dialect> {
  const { default: pg } = await import('pg');
  const pool = new pg.Pool({
    connectionString,
    max: MAX_CONNECTIONS,
    connectionTimeoutMillis: POSTGRES_TIMEOUT_MS,
    query_timeout: POSTGRES_TIMEOUT_MS,
  });
  // The pool replaces a broken idle connection; without a listener the event would end the process.
  pool.on('error', () => undefined);
  return new PostgresDialect({ pool });
}
