import { Logger } from '@nestjs/common';
import { errorKind } from '../logging/error-kind.js';
import type { MessageRow } from './message-row.js';

export interface JournalWriterOptions {
  readonly write: (rows: readonly MessageRow[]) => Promise<void>;
  /** Called with the number of messages that will never be written. */
  readonly onLost: (count: number) => void;
  readonly retryMs?: number;
}

const RETRY_MS = 1_000;
const MAX_WAITING = 5_000;

/**
 * Writes messages in order, those of one moment in one batch. While the database fails, messages may be sent unwritten; the
 * newest few thousand wait in memory and are written when it works again.
 */
export class JournalWriter {
  readonly #logger = new Logger('Journal');
  readonly #options: Required<JournalWriterOptions>;
  #waiting: MessageRow[] = [];
  #current: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;
  #failing = false;
  #retry: NodeJS.Timeout | undefined;

  constructor(options: JournalWriterOptions) {
    this.#options = { retryMs: RETRY_MS, ...options };
  }

  /** How many messages are not written yet. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Resolves when the row is written, or could not be. Never rejects. */
  write(row: MessageRow): Promise<void> {
    this.#waiting.push(row);
    this.#trim();
    return this.#retry === undefined ? this.#nextBatch() : Promise.resolve();
  }

  /** Resolves when all messages so far are written, or could not be. Does not wait for a scheduled retry. */
  async flush(): Promise<void> {
    this.#cancelRetry();
    while (this.#waiting.length > 0 && this.#retry === undefined) await this.#nextBatch();
    await this.#current;
  }

  /** Forgets rows that are not written yet. Those being written now are not among them. */
  drop(isDropped: (row: MessageRow) => boolean): void {
    this.#waiting = this.#waiting.filter((row) => !isDropped(row));
  }

  /** Makes a last attempt; messages that it cannot write are lost. */
  async close(): Promise<void> {
    await this.flush();
    clearTimeout(this.#retry);
    this.#lose(this.#waiting.length);
  }

  /** The batch that will write new messages: it starts when the current one has ended, and not in this turn. */
  #nextBatch(): Promise<void> {
    this.#next ??= this.#current.then(() => {
      this.#next = undefined;
      this.#current = this.#writeBatch();
      return this.#current;
    });
    return this.#next;
  }

  async #writeBatch(): Promise<void> {
    const rows = this.#waiting;
    if (rows.length === 0 || this.#retry !== undefined) return;
    this.#waiting = [];
    try {
      await this.#options.write(rows);
      this.#failing = false;
    } catch (error) {
      if (!this.#failing) this.#logger.error(`messages cannot be written for now: ${errorKind(error)}`);
      this.#failing = true;
      this.#waiting = [...rows, ...this.#waiting];
      this.#trim();
      this.#retry = setTimeout(() => this.#retryNow(), this.#options.retryMs).unref();
    }
  }

  #retryNow(): void {
    this.#cancelRetry();
    void this.#nextBatch();
  }

  #cancelRetry(): void {
    clearTimeout(this.#retry);
    this.#retry = undefined;
  }

  #trim(): void {
    this.#lose(Math.max(0, this.#waiting.length - MAX_WAITING));
  }

  #lose(count: number): void {
    this.#waiting.splice(0, count);
    if (count > 0) this.#options.onLost(count);
  }
}
