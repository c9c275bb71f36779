import { Logger } from '@nestjs/common';
import pg from 'pg';
import type { DatabaseLock } from './database-lock.js';

/** First key of the advisory lock, "room" as bytes; the second stands for the schema, whose tables it guards. */
const LOCK_CLASS = 0x72_6f_6f_6d;
const TIMEOUT_MS = 2_000;
const CHECK_EVERY_MS = 2_000;

const TRY = `select pg_try_advisory_lock(${LOCK_CLASS}, hashtext(current_schema())) as locked, pg_backend_pid() as backend`;
const HOLDER = `select pid from pg_locks where locktype = 'advisory' and granted and classid = ${LOCK_CLASS}
  and objid = hashtext(current_schema())::oid
  and database = (select oid from pg_database where datname = current_database())`;

/**
 * An advisory lock of Postgres on a connection of its own, which must not go through a pooler that shares connections.
 * Postgres frees it when the connection ends, which is also how it can be lost: then it is acquired again, and `onTaken` is
 * called when another process was faster.
 */
export class PostgresLock implements DatabaseLock {
  readonly #logger = new Logger('Store');
  #client: pg.Client | undefined;
  /** Postgres' number of the connection that last had the lock. */
  #backend: number | undefined;
  #checks: NodeJS.Timeout | undefined;
  #checking = false;

  constructor(
    private readonly connectionString: string,
    private readonly onTaken: () => void,
  ) {}

  async tryAcquire(): Promise<boolean> {
    const client = await this.#connect();
    try {
      const { locked, backend } = (await client.query<{ locked: boolean; backend: number }>(TRY)).rows[0]!;
      if (locked) this.#hold(client, backend);
      else await client.end();
      return locked;
    } catch (error) {
      await client.end().catch(() => undefined);
      throw error;
    }
  }

  async release(): Promise<void> {
    clearInterval(this.#checks);
    this.#checks = undefined;
    await this.#client?.end().catch(() => undefined);
    this.#client = undefined;
  }

  #hold(client: pg.Client, backend: number): void {
    this.#client = client;
    this.#backend = backend;
    this.#checks ??= setInterval(() => void this.check(), CHECK_EVERY_MS).unref();
  }

  /** Finds out whether the connection still stands, which a half-open one does not say by itself. */
  async check(): Promise<void> {
    if (this.#checking) return;
    this.#checking = true;
    try {
      if (this.#client === undefined) await this.#acquireAgain();
      else await this.#client.query('select 1');
    } catch {
      const lost = this.#client;
      this.#client = undefined;
      await lost?.end().catch(() => undefined);
    } finally {
      this.#checking = false;
    }
  }

  async #acquireAgain(): Promise<void> {
    if (await this.tryAcquire()) return;
    const holder = await this.#query<{ pid: number }>(HOLDER);
    if (holder === undefined || this.#checks === undefined) return;
    // Postgres has not noticed yet that the connection that had the lock is gone.
    if (holder.pid === this.#backend) await this.#query(`select pg_terminate_backend(${this.#backend})`);
    else this.#taken();
  }

  #taken(): void {
    clearInterval(this.#checks);
    this.#logger.error('the connection to Postgres was lost, and another process uses the database by now');
    this.onTaken();
  }

  async #query<Row extends pg.QueryResultRow>(sql: string): Promise<Row | undefined> {
    const client = await this.#connect();
    try {
      return (await client.query<Row>(sql)).rows[0];
    } finally {
      await client.end().catch(() => undefined);
    }
  }

  async #connect(): Promise<pg.Client> {
    const client = new pg.Client({
      connectionString: this.connectionString,
      application_name: 'roomscribe lock',
      ...{ connectionTimeoutMillis: TIMEOUT_MS, query_timeout: TIMEOUT_MS, keepAlive: true },
    });
    // What is lost shows at the next check; without a listener the event would end the process.
    client.on('error', () => undefined);
    await client.connect();
    return client;
  }
}
