import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { PostgresDialect, SqliteDialect, type Dialect, type SqliteDatabase } from 'kysely';

/** Above this many, statements are prepared each time: those with long lists differ in every length. */
const MOST_STATEMENTS = 100;
/** An answer of Postgres that takes longer counts as none. */
const ANSWER_WITHIN_MS = 2_000;
const MOST_CONNECTIONS = 5;

/** The driver for a `DATABASE_URL`; only the one that is needed is loaded. */
export function dialectFor(url: string): Promise<Dialect> {
  return url.startsWith('file:') ? sqlite(url.slice('file:'.length)) : postgres(url);
}

/** @param path of the file, or `:memory:` */
async function sqlite(path: string): Promise<Dialect> {
  const { default: Sqlite } = await import('libsql');
  if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true });
  const file = new Sqlite(path);
  // What was committed survives the death of the process; only that of the whole machine may cost the last moment.
  file.exec('PRAGMA journal_mode = WAL');
  file.exec('PRAGMA synchronous = NORMAL');
  // The driver waits without letting anything else run, sound included; what is not written is written later.
  file.exec('PRAGMA busy_timeout = 50');
  const prepared = new Map<string, ReturnType<SqliteDatabase['prepare']>>();
  const prepare = (sql: string): ReturnType<SqliteDatabase['prepare']> => {
    const known = prepared.get(sql);
    if (known !== undefined) return known;
    const statement = file.prepare(sql);
    if (prepared.size < MOST_STATEMENTS) prepared.set(sql, statement);
    return statement;
  };
  return new SqliteDialect({ database: { prepare, close: () => file.close() } });
}

async function postgres(connectionString: string): Promise<Dialect> {
  const { default: pg } = await import('pg');
  const pool = new pg.Pool({
    connectionString,
    max: MOST_CONNECTIONS,
    connectionTimeoutMillis: ANSWER_WITHIN_MS,
    query_timeout: ANSWER_WITHIN_MS,
  });
  // An idle connection that breaks is replaced by the pool; unheard, the event would end the process.
  pool.on('error', () => undefined);
  return new PostgresDialect({ pool });
}
