import { Logger } from '@nestjs/common';
import { errorKind } from '../logging/error-kind.js';
import type { MessageRow } from './message-row.js';

export interface JournalWriterOptions {
  readonly write: (rows: readonly MessageRow[]) => Promise<void>;
  /** Called for messages that will never be written down. */
  readonly onLost: (count: number) => void;
  readonly retryMs?: number;
}

const RETRY_MS = 1_000;
const MOST_WAITING = 5_000;

/**
 * Writes messages down in their order, those of one moment at once. While the database does not work, messages may go out
 * unwritten; they wait, the newest few thousand, and are written when it works again.
 */
export class JournalWriter {
  readonly #logger = new Logger('Journal');
  readonly #options: Required<JournalWriterOptions>;
  #waiting: MessageRow[] = [];
  #current: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;
  #troubled = false;
  #retry: NodeJS.Timeout | undefined;

  constructor(options: JournalWriterOptions) {
    this.#options = { retryMs: RETRY_MS, ...options };
  }

  /** How many messages are not written down yet. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Resolves when the row is written, or could not be. Never rejects. */
  write(row: MessageRow): Promise<void> {
    this.#waiting.push(row);
    this.#trim();
    return this.#retry === undefined ? this.#nextBatch() : Promise.resolve();
  }

  /** Resolves when what came until now is written, or could not be. Tries at once where it was about to be tried again. */
  async flush(): Promise<void> {
    this.#waitNoLonger();
    while (this.#waiting.length > 0 && this.#retry === undefined) await this.#nextBatch();
    await this.#current;
  }

  /** A last attempt; what it does not take is lost. */
  async close(): Promise<void> {
    await this.flush();
    clearTimeout(this.#retry);
    this.#lose(this.#waiting.length);
  }

  /** The batch that takes what comes now: it begins when the one before has ended, a moment from now at the earliest. */
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
      this.#troubled = false;
    } catch (error) {
      if (!this.#troubled) this.#logger.error(`messages are not written down for now: ${errorKind(error)}`);
      this.#troubled = true;
      this.#waiting = [...rows, ...this.#waiting];
      this.#trim();
      this.#retry = setTimeout(() => this.#tryAgain(), this.#options.retryMs).unref();
    }
  }

  #tryAgain(): void {
    this.#waitNoLonger();
    void this.#nextBatch();
  }

  #waitNoLonger(): void {
    clearTimeout(this.#retry);
    this.#retry = undefined;
  }

  #trim(): void {
    this.#lose(Math.max(0, this.#waiting.length - MOST_WAITING));
  }

  #lose(count: number): void {
    this.#waiting.splice(0, count);
    if (count > 0) this.#options.onLost(count);
  }
}
