import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { PostgresDialect, SqliteDialect, type Dialect, type SqliteDatabase } from 'kysely';

/** At most this many prepared statements are kept: statements with lists differ for every length of the list. */
const MAX_STATEMENTS = 100;
const POSTGRES_TIMEOUT_MS = 2_000;
const MAX_CONNECTIONS = 5;

/** The driver for a `DATABASE_URL`; only the one that is needed is loaded. */
export function dialectFor(url: string): Promise<Dialect> {
  return url.startsWith('file:') ? sqlite(url.slice('file:'.length)) : postgres(url);
}

/** @param path of the file, or `:memory:` */
async function sqlite(path: string): Promise<Dialect> {
  const { default: Sqlite } = await import('libsql');
  if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true });
  const file = new Sqlite(path);
  // Commits survive a crash of the process; only a crash of the machine may lose the last ones.
  file.exec('PRAGMA journal_mode = WAL');
  file.exec('PRAGMA synchronous = NORMAL');
  // The driver blocks the event loop while it waits for a lock; a write that fails is repeated later.
  file.exec('PRAGMA busy_timeout = 50');
  const prepared = new Map<string, ReturnType<SqliteDatabase['prepare']>>();
  const prepare = (sql: string): ReturnType<SqliteDatabase['prepare']> => {
    const known = prepared.get(sql);
    if (known !== undefined) return known;
    const statement = file.prepare(sql);
    if (prepared.size < MAX_STATEMENTS) prepared.set(sql, statement);
    return statement;
  };
  return new SqliteDialect({ database: { prepare, close: () => file.close() } });
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
