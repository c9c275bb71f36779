import { Injectable, Logger, Optional, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { errorKind } from '../../logging/error-kind.js';
import { Backoff } from '../../async/backoff.js';
import { sleep } from '../../async/sleep.js';
import { EngineSessions } from './engine-sessions.js';
import { GladiaApi } from '../api/gladia-api.js';
import { GladiaError } from '../api/gladia-error.js';
import { GladiaSettings } from '../api/gladia-settings.js';

/**
 * What is still to be deleted at Gladia. It refuses while a session is being processed, so this is tried for hours, longer
 * than the session's own life. Which sessions there are is written down, so that the next run goes on where this one, or
 * its death, left off; what is left when the service goes down is also named in the log.
 */
@Injectable()
export class RemoteSessionCleanup implements OnModuleInit, OnApplicationShutdown {
  readonly #logger = new Logger('Gladia');
  readonly #over = new AbortController();
  readonly #left = new Set<string>();
  #unwritten = false;

  constructor(
    private readonly api: GladiaApi,
    private readonly settings: GladiaSettings,
    @Optional() private readonly sessions?: EngineSessions,
  ) {}

  /** What an earlier run left can no longer be placed in its session: it is deleted unread where nothing is to be kept. */
  async onModuleInit(): Promise<void> {
    await this.#write(async (sessions) => {
      for (const { id, toDelete } of await sessions.all()) {
        if (toDelete) void this.#delete(id);
        else this.ended(id);
      }
    });
  }

  /** Aborted when the service goes down. */
  get closing(): AbortSignal {
    return this.#over.signal;
  }

  /** Gladia's ids of what is not deleted yet. */
  get left(): readonly string[] {
    return [...this.#left];
  }

  /** Gladia made a session for us. */
  granted(id: string, sessionId: string): void {
    void this.#write((sessions) => sessions.add(id, sessionId, false));
  }

  /** A session of ours is over and read: it is deleted, if that was asked for. */
  ended(id: string): void {
    if (this.settings.account.deletes === true) void this.#delete(id);
    else void this.#write((sessions) => sessions.remove(id));
  }

  /** Finds what a request without an answer may have made, so that it does not stay: it can never be used. */
  async seekOrphans(sessionId: string, known: ReadonlySet<string>): Promise<void> {
    try {
      const ids = await this.api.sessionsOf(sessionId, this.#over.signal);
      for (const id of ids.filter((each) => !known.has(each) && !this.#left.has(each))) {
        this.#logger.warn(`session ${sessionId}: Gladia made ${id} without answering; it will be deleted`);
        void this.#write((sessions) => sessions.add(id, sessionId, true));
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
    const { signal } = this.#over;
    const giveUpAtMs = performance.now() + deletion.giveUpAfterMs;
    const backoff = new Backoff(deletion.backoff, this.settings.random);
    const isOver = (): boolean => signal.aborted || performance.now() >= giveUpAtMs;
    this.#left.add(id);
    while (!isOver()) {
      const refusal = await this.#refusal(id, signal);
      if (refusal === undefined) {
        this.#left.delete(id);
        void this.#write((sessions) => sessions.remove(id));
        return;
      }
      await sleep(backoff.nextMs(refusal.retryAfterMs), signal);
    }
    if (!this.#over.signal.aborted) this.#logger.error(`Gladia did not let ${id} be deleted; delete it by hand`);
  }

  /** Transcription goes on without the database; that it does not answer is said once. */
  async #write(work: (sessions: EngineSessions) => Promise<void>): Promise<void> {
    if (this.sessions === undefined) return;
    try {
      await work(this.sessions);
      this.#unwritten = false;
    } catch (error) {
      if (!this.#unwritten) this.#logger.warn(`sessions at Gladia are not written down for now: ${errorKind(error)}`);
      this.#unwritten = true;
    }
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
