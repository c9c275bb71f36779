import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import Sqlite from 'libsql';
import type { SqliteDatabase } from 'kysely';

type Statement = ReturnType<SqliteDatabase['prepare']>;

/** At most this many prepared statements are kept: statements with lists differ for every length of the list. */
const MAX_STATEMENTS = 100;
const IN_MEMORY = ':memory:';

/** The driver blocks the event loop while it waits for a lock; a write that fails is repeated later. */
const BUSY_TIMEOUT_MS = 20;

/** How Kysely begins and ends a transaction. `immediate`: the lock is taken here, and by nothing that comes later. */
const TRANSACTION_SQL: Readonly<Record<string, string>> = {
  begin: 'BEGIN IMMEDIATE',
  commit: 'COMMIT',
  rollback: 'ROLLBACK',
};

/**
 * An SQLite file, written so that a write that reports success is committed.
 *
 * A prepared statement of `libsql` that meets a lock of another process stays open: from then on each write reports success,
 * joins the transaction that the open statement holds, and is never committed. So the lock is taken by `exec`, which leaves
 * nothing open, before any prepared statement writes; and a statement that failed is not used again.
 */
export class SqliteFile implements SqliteDatabase {
  readonly #path: string;
  readonly #prepared = new Map<string, Statement>();
  #file: Sqlite.Database;

  /** @param path of the file, or `:memory:` */
  constructor(path: string) {
    this.#path = path;
    if (path !== IN_MEMORY) mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    this.#file = open(path);
  }

  prepare(sql: string): Statement {
    const transactionSql = TRANSACTION_SQL[sql];
    if (transactionSql !== undefined) return statementOf(() => this.#exec(transactionSql));
    const statement = this.#statement(sql);
    return {
      reader: statement.reader,
      all: (values) => this.#attempt(sql, () => statement.all(values)),
      run: (values) => this.#attempt(sql, () => this.#write(() => statement.run(values))),
      iterate: (values) => statement.iterate(values),
    };
  }

  close(): void {
    this.#prepared.clear();
    this.#file.close();
  }

  #statement(sql: string): Statement {
    const known = this.#prepared.get(sql);
    if (known !== undefined) return known;
    const statement = this.#file.prepare(sql) as unknown as Statement;
    if (this.#prepared.size < MAX_STATEMENTS) this.#prepared.set(sql, statement);
    return statement;
  }

  /** @throws what the write throws, when nothing of it is in the file */
  #write<T>(write: () => T): T {
    if (this.#file.inTransaction) return write();
    this.#exec('BEGIN IMMEDIATE');
    try {
      const result = write();
      this.#exec('COMMIT');
      return result;
    } catch (error) {
      this.#rollBack();
      throw error;
    }
  }

  #exec(sql: string): void {
    this.#file.exec(sql);
    if (sql === 'COMMIT' && this.#file.inTransaction) throw new Error('the transaction is still open after its commit');
  }

  #attempt<T>(sql: string, use: () => T): T {
    try {
      return use();
    } catch (error) {
      this.#prepared.delete(sql);
      throw error;
    }
  }

  /** A connection that cannot even roll back is replaced by another. */
  #rollBack(): void {
    try {
      if (this.#file.inTransaction) this.#file.exec('ROLLBACK');
    } catch {
      if (this.#path === IN_MEMORY) return;
      this.close();
      this.#file = open(this.#path);
    }
  }
}

function open(path: string): Sqlite.Database {
  const file = new Sqlite(path);
  // Commits survive a crash of the process; only a crash of the machine may lose the last ones.
  file.exec('PRAGMA journal_mode = WAL');
  file.exec('PRAGMA synchronous = NORMAL');
  // What is deleted is overwritten, so that nothing erased stays in free pages.
  file.exec('PRAGMA secure_delete = ON');
  file.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
  return file;
}

const statementOf = (run: () => void): Statement => ({
  reader: false,
  all: () => [],
  run: () => {
    run();
    return { changes: 0, lastInsertRowid: 0 };
  },
  iterate: () => [][Symbol.iterator](),
});
