import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Interval } from '../async/interval.js';
import type { AttendanceChanged, InsightsReady } from '../events/domain-events.js';
import { errorKind } from '../logging/error-kind.js';
import { PendingSpeech } from '../transcription/pending-speech.port.js';
import { Database } from '../store/database.js';
import { CoalescedTask } from '../async/coalesced-task.js';
import type { Visit } from './attendance.js';
import { AttendanceStore } from './attendance-store.js';
import type { Session } from './session.js';
import { SessionStore } from './session-store.js';

/** How exactly the start of a restart gap is known. */
const TOUCH_EVERY_MS = 1_000;
/** Speech of the last moments before a crash may not have been transcribed. */
export const UNTRANSCRIBED_MS = 3_000;

/** Saves sessions to the database whenever they change; a write that fails is repeated later. */
@Injectable()
export class SessionPersistence implements OnApplicationBootstrap {
  readonly #logger = new Logger(SessionPersistence.name);
  readonly #live = new Map<string, Session>();
  readonly #unsaved = new Set<Session>();
  readonly #unsavedInsights = new Map<string, InsightsReady['insights']>();
  /** By session and identity. */
  readonly #unsavedVisits = new Map<string, { readonly sessionId: string; readonly visit: Visit }>();
  /** Ids of live sessions whose audio is not received. */
  readonly #untranscribed = new Set<string>();
  readonly #save = new CoalescedTask(() => this.#saveAll());
  #failed = false;

  constructor(
    private readonly store: SessionStore,
    private readonly attendance: AttendanceStore,
    private readonly database: Database,
    private readonly pendingSpeech: PendingSpeech,
  ) {}

  onApplicationBootstrap(): void {
    this.database.onClose(() => this.#save.request());
  }

  /** Call it whenever a session has changed. */
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

  saveAttendance({ sessionId, visits }: AttendanceChanged): void {
    for (const visit of visits) this.#unsavedVisits.set(`${sessionId} ${visit.identity}`, { sessionId, visit });
    void this.#save.request();
  }

  /** While false, the session's `aliveAtMs` stays as it is, so that a restart gap begins there. */
  setTranscribed({ id }: Session, isTranscribed: boolean): void {
    if (isTranscribed) this.#untranscribed.delete(id);
    else this.#untranscribed.add(id);
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
      for (const [key, unsaved] of this.#unsavedVisits) {
        await this.attendance.save(unsaved.sessionId, unsaved.visit);
        if (this.#unsavedVisits.get(key) === unsaved) this.#unsavedVisits.delete(key);
      }
    });
  }

  /** Notes in the database up to when the live sessions are transcribed. */
  @Interval(TOUCH_EVERY_MS)
  async touchLive(): Promise<void> {
    if (this.#unsaved.size + this.#unsavedInsights.size + this.#unsavedVisits.size > 0) await this.#save.request();
    const nowMs = Date.now();
    const transcribed = [...this.#live.values()]
      .filter((session) => this.#isTranscribed(session, nowMs))
      .map(({ id }) => id);
    if (transcribed.length > 0) await this.#try(() => this.store.touch(transcribed, nowMs));
  }

  /** Whether all speech up to a moment ago is transcribed: the rest would be lost in a crash. */
  #isTranscribed({ id, record: { liveAtMs = 0 } }: Session, nowMs: number): boolean {
    return (
      !this.#untranscribed.has(id) && (this.pendingSpeech.sinceMs(id) ?? Infinity) > nowMs - liveAtMs - UNTRANSCRIBED_MS
    );
  }

  /** The service goes on without its database; that it does not answer is logged once. */
  async #try(work: () => Promise<void>): Promise<void> {
    try {
      await work();
      this.#failed = false;
    } catch (error) {
      if (!this.#failed) this.#logger.error(`sessions cannot be saved for now: ${errorKind(error)}`);
      this.#failed = true;
    }
  }
}
