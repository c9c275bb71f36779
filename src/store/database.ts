import { Kysely } from 'kysely';
import { errorKind } from '../logging/error-kind.js';
import { acquire, type DatabaseLock } from './database-lock.js';
import { DatabaseUnusable } from './database-unusable.js';
import { dialectFor, isSqlite } from './dialect.js';
import { migrate } from './migrations.js';
import type { Tables } from './tables.js';

/** A query, as a function of the connection. */
export type Query<T> = (tables: Kysely<Tables>) => Promise<T>;

/** How long a query took, and whether it failed. */
export type QueryListener = (durationMs: number, failed: boolean) => void;

/** Runs all queries, and remembers whether the last one worked. */
export class Database {
  readonly #lastWrites: (() => Promise<void>)[] = [];
  #problem: string | undefined;

  constructor(
    private readonly tables: Kysely<Tables>,
    private readonly lock: DatabaseLock | undefined,
    readonly isSqlite: boolean,
    private readonly onQuery: QueryListener = () => undefined,
  ) {}

  /** Why the last query failed; undefined when it worked. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** @throws what the database throws */
  async run<T>(query: Query<T>): Promise<T> {
    const startMs = performance.now();
    try {
      const answer = await query(this.tables);
      this.#problem = undefined;
      this.onQuery(performance.now() - startMs, false);
      return answer;
    } catch (error) {
      this.onQuery(performance.now() - startMs, true);
      this.#problem = `the database does not do what it is asked: ${errorKind(error)}`;
      throw error;
    }
  }

  /** Registers a write to run before the database closes. */
  onClose(lastWrite: () => Promise<void>): void {
    this.#lastWrites.push(lastWrite);
  }

  async close(): Promise<void> {
    await Promise.all(this.#lastWrites.map((write) => write()));
    await this.tables.destroy();
    await this.lock?.release();
  }
}

/**
 * Opens the database and brings it up to date.
 *
 * @param lock is acquired before, and released when the database is closed
 * @param onQuery is called after each query of `Database.run`
 * @throws DatabaseUnusable
 */
export async function openDatabase(url: string, lock?: DatabaseLock, onQuery?: QueryListener): Promise<Database> {
  let tables: Kysely<Tables> | undefined;
  let problem: string;
  try {
    if (lock !== undefined) await acquire(lock);
    tables = new Kysely<Tables>({ dialect: await dialectFor(url) });
    await migrate(tables as unknown as Kysely<never>);
    return new Database(tables, lock, isSqlite(url), onQuery);
  } catch (error) {
    problem = error instanceof DatabaseUnusable ? error.message : sentenceFor(url, error);
  }
  await tables?.destroy().catch(() => undefined);
  await lock?.release();
  // Without its cause, which would be logged with the address and the user's name.
  throw new DatabaseUnusable(problem);
}

const sentenceFor = (url: string, cause: unknown): string =>
  isSqlite(url)
    ? `DATABASE_URL: the file cannot be opened and written (${errorKind(cause)}): give the service a folder that it may write to`
    : `DATABASE_URL: Postgres cannot be used (${errorKind(cause)}): is it up, and may this user create tables in it?`;
