import { PostgresDialect, SqliteDialect, type Dialect } from 'kysely';

const POSTGRES_TIMEOUT_MS = 2_000;
const MAX_CONNECTIONS = 5;

/** The driver for a `DATABASE_URL`; only the one that is needed is loaded. */
export function dialectFor(url: string): Promise<Dialect> {
  return url.startsWith('file:') ? sqlite(url.slice('file:'.length)) : postgres(url);
}

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
