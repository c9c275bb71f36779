import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { errorKind } from '../logging/error-kind.js';
import { Backoff } from '../waiting/backoff.js';
import { pause } from '../waiting/pause.js';
import { GladiaApi } from './gladia-api.js';
import { GladiaError } from './gladia-error.js';
import { GladiaSettings } from './gladia-settings.js';

/**
 * What is still to be deleted at Gladia. It refuses while a session is being processed, so this is tried for hours, longer
 * than the session's own life; what is left when the service goes down is named in the log.
 */
@Injectable()
export class Leftovers implements OnApplicationShutdown {
  readonly #logger = new Logger('Gladia');
  readonly #over = new AbortController();
  readonly #left = new Set<string>();

  constructor(
    private readonly api: GladiaApi,
    private readonly settings: GladiaSettings,
  ) {}

  /** Gladia's ids of what is not deleted yet. */
  get left(): readonly string[] {
    return [...this.#left];
  }

  /** A session of ours is over and read: it is deleted, if that was asked for. */
  ended(id: string): void {
    if (this.settings.account.deletes === true) void this.#delete(id);
  }

  /** Finds what a request without an answer may have made, so that it does not stay: it can never be used. */
  async seekOrphans(sessionId: string, known: ReadonlySet<string>): Promise<void> {
    try {
      const ids = await this.api.sessionsOf(sessionId, this.#over.signal);
      for (const id of ids.filter((each) => !known.has(each) && !this.#left.has(each))) {
        this.#logger.warn(`session ${sessionId}: Gladia made ${id} without answering; it will be deleted`);
        void this.#delete(id);
      }
    } catch (error) {
      this.#logger.warn(`session ${sessionId}: orphans at Gladia could not be looked for: ${errorKind(error)}`);
    }
  }

  onApplicationShutdown(): void {
    this.#over.abort();
    if (this.#left.size > 0) this.#logger.warn(`not yet deleted at Gladia: ${this.left.join(', ')}`);
  }

  async #delete(id: string): Promise<void> {
    const { deletion } = this.settings.timings;
    const signal = AbortSignal.any([this.#over.signal, AbortSignal.timeout(deletion.giveUpAfterMs)]);
    const backoff = new Backoff(deletion.backoff, this.settings.random);
    const isOver = (): boolean => signal.aborted;
    this.#left.add(id);
    while (!isOver()) {
      const refusal = await this.#refusal(id, signal);
      if (refusal === undefined) {
        this.#left.delete(id);
        return;
      }
      await pause(backoff.nextMs(refusal.retryAfterMs), signal);
    }
    if (!this.#over.signal.aborted) this.#logger.error(`Gladia did not let ${id} be deleted; delete it by hand`);
  }

  /** Undefined when it is gone. */
  async #refusal(id: string, signal: AbortSignal): Promise<{ retryAfterMs: number } | undefined> {
    try {
      await this.api.deleteSession(id, signal);
      return undefined;
    } catch (error) {
      if (!(error instanceof GladiaError)) return { retryAfterMs: 0 };
      return error.status === 404 ? undefined : error;
    }
  }
}
