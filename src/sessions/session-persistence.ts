import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Config } from '../config/config.js';
import type { InsightsReady } from '../events/domain-events.js';
import { errorKind } from '../logging/error-kind.js';
import { PendingSpeech } from '../transcription/pending-speech.port.js';
import { Database } from '../store/database.js';
import { CoalescedTask } from '../async/coalesced-task.js';
import type { Session } from './session.js';
import { SessionStore } from './session-store.js';

/** What was heard in the last moment before a crash cannot be known any better than this. */
const ALIVE_EVERY_MS = 1_000;
/** What was heard so shortly before a crash may not have become words any more. */
export const UNTRANSCRIBED_MS = 3_000;
const FORGET_EVERY_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** Keeps the sessions in the database as they are in memory; what cannot be written now is written later. */
@Injectable()
export class SessionPersistence implements OnApplicationBootstrap {
  readonly #logger = new Logger(SessionPersistence.name);
  readonly #live = new Map<string, Session>();
  readonly #unsaved = new Set<Session>();
  readonly #unsavedInsights = new Map<string, InsightsReady['insights']>();
  /** Live, but nobody is heard in them. */
  readonly #unheard = new Set<string>();
  readonly #save = new CoalescedTask(() => this.#saveAll());
  #failed = false;

  constructor(
    private readonly config: Config,
    private readonly store: SessionStore,
    private readonly database: Database,
    private readonly due: PendingSpeech,
  ) {}

  onApplicationBootstrap(): void {
    const alive = setInterval(() => void this.#stillAlive(), ALIVE_EVERY_MS).unref();
    const forget = setInterval(() => void this.#forgetOld(), FORGET_EVERY_MS).unref();
    setImmediate(() => void this.#forgetOld());
    this.database.onClose(async () => {
      for (const timer of [alive, forget]) clearInterval(timer);
      await this.#save.request();
    });
  }

  /** The session has changed. */
  save(session: Session): void {
    this.#unsaved.add(session);
    if (session.status === 'live') this.#live.set(session.id, session);
    else this.#live.delete(session.id);
    void this.#save.request();
  }

  saveInsights({ sessionId, insights }: InsightsReady): void {
    this.#unsavedInsights.set(sessionId, insights);
    void this.#save.request();
  }

  /** Whether the session, while it is live, is noted as heard. */
  setTranscribed({ id }: Session, isHeard: boolean): void {
    if (isHeard) this.#unheard.delete(id);
    else this.#unheard.add(id);
  }

  async #saveAll(): Promise<void> {
    await this.#try(async () => {
      for (const session of this.#unsaved) {
        this.#unsaved.delete(session);
        await this.store.save(session.record).catch((error: unknown) => {
          this.#unsaved.add(session);
          throw error;
        });
      }
      for (const [sessionId, insights] of this.#unsavedInsights) {
        await this.store.saveInsights(sessionId, insights);
        if (this.#unsavedInsights.get(sessionId) === insights) this.#unsavedInsights.delete(sessionId);
      }
    });
  }

  async #stillAlive(): Promise<void> {
    if (this.#unsaved.size + this.#unsavedInsights.size > 0) await this.#save.request();
    const nowMs = Date.now();
    const heard = [...this.#live.values()].filter((session) => this.#isHeard(session, nowMs)).map(({ id }) => id);
    if (heard.length > 0) await this.#try(() => this.store.touch(heard, nowMs));
  }

  /** Whether all that was said until a moment ago is in words: what is not would be lost in a crash. */
  #isHeard({ id, record: { liveAtMs = 0 } }: Session, nowMs: number): boolean {
    return !this.#unheard.has(id) && (this.due.sinceMs(id) ?? Infinity) > nowMs - liveAtMs - UNTRANSCRIBED_MS;
  }

  async #forgetOld(): Promise<void> {
    const { retentionDays } = this.config.store;
    if (retentionDays === 0) return;
    await this.#try(async () => {
      const count = await this.store.deleteEndedBefore(Date.now() - retentionDays * DAY_MS);
      if (count > 0) this.#logger.log(`${count} sessions were older than ${retentionDays} days and are deleted`);
    });
  }

  /** The service goes on without its database; that it does not answer is said once. */
  async #try(work: () => Promise<void>): Promise<void> {
    try {
      await work();
      this.#failed = false;
    } catch (error) {
      if (!this.#failed) this.#logger.error(`sessions are not written down for now: ${errorKind(error)}`);
      this.#failed = true;
    }
  }
}
