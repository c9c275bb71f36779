import { Injectable, Logger, Optional, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { BoundedMap } from '../../collections/bounded-map.js';
import { PersonErased, SessionErased } from '../../events/domain-events.js';
import { EventBus } from '../../events/event-bus.js';
import { errorKind } from '../../logging/error-kind.js';
import { Backoff } from '../../async/backoff.js';
import { sleep } from '../../async/sleep.js';
import { EngineSessions } from './engine-sessions.js';
import { GladiaApi } from '../api/gladia-api.js';
import { GladiaError } from '../api/gladia-error.js';
import { GladiaSettings } from '../api/gladia-settings.js';

/** How many of our erased sessions are remembered. */
const ERASED_KEPT = 1_000;

/**
 * Deletes sessions at Gladia, where that is configured. Gladia refuses while a session is being processed, so a deletion is
 * retried for hours, longer than the session's own life. The sessions are stored in the database, so that the next run
 * continues after a restart or a crash; those that are left at shutdown are also named in the log.
 */
@Injectable()
export class RemoteSessionCleanup implements OnModuleInit, OnApplicationShutdown {
  readonly #logger = new Logger('Gladia');
  readonly #shutdown = new AbortController();
  readonly #pending = new Set<string>();
  /** Sessions that are used, or whose results are being read: the id of our session, by Gladia's. */
  readonly #inUse = new Map<string, string>();
  /** Our sessions whose sessions at Gladia go as soon as they are read, whatever is kept otherwise. */
  readonly #erased = new BoundedMap<string, true>(ERASED_KEPT);
  #isStoreFailing = false;

  constructor(
    private readonly api: GladiaApi,
    private readonly settings: GladiaSettings,
    @Optional() private readonly sessions?: EngineSessions,
    @Optional() private readonly events?: EventBus,
  ) {}

  /** Results of an earlier run cannot be emitted any more: its sessions are deleted unread where nothing is to be kept. */
  async onModuleInit(): Promise<void> {
    this.events?.on(SessionErased, ({ sessionId }) => void this.#erase(sessionId, () => true));
    this.events?.on(PersonErased, ({ sessionId }) => void this.#erase(sessionId, (id) => !this.#inUse.has(id)));
    await this.#store(async (sessions) => {
      for (const { id, toDelete } of await sessions.unfinished()) {
        if (toDelete) void this.#delete(id);
        else this.ended(id);
      }
    });
  }

  /** Aborted when the service shuts down. */
  get shutdown(): AbortSignal {
    return this.#shutdown.signal;
  }

  /** Gladia's ids of the sessions that are not deleted yet. */
  get pending(): readonly string[] {
    return [...this.#pending];
  }

  /** Gladia has created the session `id` for our session `sessionId`. */
  created(id: string, sessionId: string): void {
    this.#inUse.set(id, sessionId);
    void this.#store((sessions) => sessions.add(id, sessionId, this.#erased.has(sessionId)));
  }

  /** A session has ended and its result was read: it is deleted, where that is configured or its words are erased. */
  ended(id: string): void {
    const sessionId = this.#inUse.get(id);
    this.#inUse.delete(id);
    const isErased = sessionId !== undefined && this.#erased.has(sessionId);
    if (this.settings.account.deletes === true || isErased) void this.#delete(id);
    else void this.#store((sessions) => sessions.finish(id));
  }

  /** Deletes the sessions at Gladia of one of ours; those that are left out now follow when they are read. */
  async #erase(sessionId: string, isToDeleteNow: (id: string) => boolean): Promise<void> {
    this.#erased.set(sessionId, true);
    await this.#store(async (sessions) => {
      const ids = await sessions.erase(sessionId);
      for (const id of ids.filter((each) => isToDeleteNow(each) && !this.#pending.has(each))) void this.#delete(id);
    });
  }

  /**
   * Finds and deletes sessions that were created by requests without an answer: they can never be used.
   * @param known Gladia's ids of the sessions that were answered
   */
  async deleteOrphans(sessionId: string, known: ReadonlySet<string>): Promise<void> {
    try {
      const ids = await this.api.sessionsOf(sessionId, this.#shutdown.signal);
      for (const id of ids.filter((each) => !known.has(each) && !this.#pending.has(each))) {
        this.#logger.warn(`session ${sessionId}: Gladia created ${id} without answering; it will be deleted`);
        void this.#store((sessions) => sessions.add(id, sessionId, true));
        void this.#delete(id);
      }
    } catch (error) {
      this.#logger.warn(`session ${sessionId}: orphaned sessions at Gladia could not be listed: ${errorKind(error)}`);
    }
  }

  onApplicationShutdown(): void {
    this.#shutdown.abort();
    if (this.#pending.size > 0) this.#logger.warn(`not yet deleted at Gladia: ${this.pending.join(', ')}`);
  }

  async #delete(id: string): Promise<void> {
    const { deletion } = this.settings.timings;
    const { signal } = this.#shutdown;
    const giveUpAtMs = performance.now() + deletion.giveUpAfterMs;
    const backoff = new Backoff(deletion.backoff, this.settings.random);
    const isOver = (): boolean => signal.aborted || performance.now() >= giveUpAtMs;
    this.#pending.add(id);
    while (!isOver()) {
      const refusal = await this.#tryDelete(id, signal);
      if (refusal === undefined) {
        this.#pending.delete(id);
        void this.#store((sessions) => sessions.remove(id));
        return;
      }
      await sleep(backoff.nextMs(refusal.retryAfterMs), signal);
    }
    if (!this.#shutdown.signal.aborted) this.#logger.error(`Gladia did not delete ${id}; delete it by hand`);
  }

  /** Transcription goes on without the database; its first failure is logged. */
  async #store(work: (sessions: EngineSessions) => Promise<void>): Promise<void> {
    if (this.sessions === undefined) return;
    try {
      await work(this.sessions);
      this.#isStoreFailing = false;
    } catch (error) {
      if (!this.#isStoreFailing) this.#logger.warn(`sessions at Gladia cannot be stored for now: ${errorKind(error)}`);
      this.#isStoreFailing = true;
    }
  }

  /** Resolves to undefined when it is gone. */
  async #tryDelete(id: string, signal: AbortSignal): Promise<{ retryAfterMs: number } | undefined> {
    try {
      await this.api.deleteSession(id, signal);
      return undefined;
    } catch (error) {
      if (!(error instanceof GladiaError)) return { retryAfterMs: 0 };
      return error.status === 404 ? undefined : error;
    }
  }
}
