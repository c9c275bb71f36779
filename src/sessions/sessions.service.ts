import { randomUUID } from 'node:crypto';
import { Inject, Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { sessionsConfig, speechConfig, type SessionsConfig, type SpeechConfig } from '../config/namespaces.js';
import { speechOptionsFor, type SpeechWishes } from '../config/speech-options.js';
import {
  AttendanceChanged,
  InsightsReady,
  SessionEnded,
  SessionErased,
  SessionLive,
  AudioStopped,
  TranscriptionStatusChanged,
} from '../events/domain-events.js';
import { EventBus } from '../events/event-bus.js';
import { Interval } from '../async/interval.js';
import { Metrics } from '../metrics/metrics.js';
import { Attendance } from './attendance.js';
import { Drain } from './drain.port.js';
import { SessionDirectory } from './session-directory.port.js';
import { isTranscribedByServer } from './room-selection.js';
import { RosterSync } from './roster-sync.js';
import type { RoomChange } from './room-view.js';
import { Rooms } from './rooms.js';
import { Roster } from './roster.js';
import { Session, type SessionRecord } from './session.js';
import { SessionStates } from './session-states.port.js';
import { SessionPersistence } from './session-persistence.js';
import { SessionRegistry } from './session-registry.js';
import { SessionStore } from './session-store.js';

const EXPIRE_EVERY_MS = 60_000;
/** How long a session may wait to be made live. */
const CREATED_FOR_MS = 3_600_000;

/** Creates, starts and ends sessions, and keeps the roster of each live one in sync with its room. */
@Injectable()
export class SessionsService extends SessionDirectory implements OnModuleInit, OnModuleDestroy {
  readonly #logger = new Logger(SessionsService.name);
  readonly #registry = new SessionRegistry();
  readonly #rosterSyncs = new Map<string, RosterSync>();
  readonly #endListeners: ((session: Session) => void)[] = [];

  constructor(
    @Inject(sessionsConfig.KEY) private readonly config: SessionsConfig,
    @Inject(speechConfig.KEY) private readonly speech: SpeechConfig,
    private readonly events: EventBus,
    private readonly rooms: Rooms,
    private readonly drain: Drain,
    private readonly store: SessionStore,
    private readonly persistence: SessionPersistence,
    private readonly states: SessionStates,
    metrics: Metrics,
  ) {
    super();
    metrics.gauge('sessions_live', 'sessions that are live or ending', () => this.#rosterSyncs.size);
  }

  onModuleInit(): void {
    this.events.on(TranscriptionStatusChanged, ({ sessionId, status }) => {
      if (status === 'ended') this.#finish(sessionId);
    });
    this.events.on(InsightsReady, (event) => this.persistence.saveInsights(event));
    this.events.on(SessionErased, ({ sessionId }) => this.#registry.delete(sessionId));
    this.events.on(AttendanceChanged, (event) => this.persistence.saveAttendance(event));
    // Often the track was unpublished, perhaps replaced, and the webhook may be lost.
    this.events.on(AudioStopped, async ({ sessionId }) => {
      const session = this.#registry.find(sessionId);
      if (session?.status === 'live') await this.syncRoster(session);
    });
  }

  /** On SIGTERM: takes no new sessions, ends the live ones and waits for their last words, within the grace period. */
  async onModuleDestroy(): Promise<void> {
    this.drain.begin();
    for (const session of this.#registry.all()) this.end(session, 'shutdown');
    await this.#registry.allEnded(this.config.shutdownGraceMs);
    for (const sync of this.#rosterSyncs.values()) sync.stop();
  }

  /** Calls back with each live session that is about to end, while messages about it are still published. */
  beforeEnd(listener: (session: Session) => void): void {
    this.#endListeners.push(listener);
  }

  override find(sessionId: string): Session | undefined {
    return this.#registry.find(sessionId);
  }

  override async lookUp(sessionId: string): Promise<Session | undefined> {
    const known = this.#registry.find(sessionId);
    if (known !== undefined) return known;
    const record = await this.store.find(sessionId);
    return record && this.fromRecord(record);
  }

  /** A session that is only in the database. */
  fromRecord(record: SessionRecord): Session {
    return new Session(record, this.#roster(), new Attendance(this.config.readAfterLeaveMs));
  }

  /** The stored insights of an ended session; undefined where it has none, or the database cannot be asked. */
  async insightsOf({ id, status }: Session): Promise<InsightsReady['insights'] | undefined> {
    return status === 'ended' ? this.store.insights(id).catch(() => undefined) : undefined;
  }

  /** Oldest first; only the last thousand that ended. */
  list(): Session[] {
    return this.#registry.all();
  }

  live(): Session[] {
    return this.#registry.live();
  }

  /** The room's latest session, whatever its status. */
  lastIn(room: string): Session | undefined {
    return this.#registry.lastIn(room);
  }

  /** The room's active session, created if it has none: two in one room would transcribe every word twice. */
  create(room: string, wishes: SpeechWishes = {}, source = this.config.audioSource): Session {
    const known = this.#registry.activeIn(room);
    if (known !== undefined) return known;
    const options = speechOptionsFor(room, this.speech.defaults, this.speech.byRoom, wishes);
    const record = { id: randomUUID(), room, status: 'created', options, source, createdAtMs: Date.now() } as const;
    const session = this.restore(record);
    this.persistence.save(session);
    return session;
  }

  /** Idempotent. Starts the session clock and the transcription of the room's tracks. */
  goLive(session: Session): void {
    if (!session.goLive(Date.now())) return;
    this.#logger.log(`session ${session.id} is live`);
    this.persistence.save(session);
    this.#publishLive(session);
    this.startSync(session);
  }

  /** Idempotent. Speech up to now is still transcribed and published before the status becomes `ended`. */
  end(session: Session, reason: SessionEnded['reason']): void {
    if (!session.active) return;
    if (session.status === 'live') for (const listener of this.#endListeners) listener(session);
    const wasLive = session.beginEnd(reason, Date.now());
    this.persistence.save(session);
    if (!wasLive) {
      this.#registry.forgetOld();
      return;
    }
    this.#logger.log(`session ${session.id} is ending: ${reason}`);
    this.#rosterSyncs.get(session.id)?.stop();
    this.events.publish(new SessionEnded(session.id, reason));
  }

  /** Ends sessions that nobody has made live for long: each holds its room. */
  @Interval(EXPIRE_EVERY_MS)
  endExpired(): void {
    const expiredAtMs = Date.now() - CREATED_FOR_MS;
    for (const session of this.#registry.all())
      if (session.status === 'created' && session.record.createdAtMs < expiredAtMs) this.end(session, 'expired');
  }

  /** Adds a session of an earlier process to those in memory, with the status that it had. */
  restore(record: SessionRecord): Session {
    return this.#registry.add(this.fromRecord(record));
  }

  /** Makes a session of an earlier process live again: its clock and its numbering continue. */
  resume(session: Session, resumes: SessionLive['resumes']): void {
    this.#logger.log(`session ${session.id} is live again`);
    this.#publishLive(session, resumes);
  }

  /** Syncs the roster of a live session now. Resolves when it matches the room, or LiveKit cannot be asked. */
  async syncRoster(session: Session): Promise<void> {
    await this.#rosterSyncs.get(session.id)?.sync();
  }

  /** Looks whether somebody has come into a live session's room. Resolves as `syncRoster` does. */
  async lookForNewcomers(session: Session): Promise<void> {
    await this.#rosterSyncs.get(session.id)?.lookForNewcomers();
  }

  /** A webhook reports a change of a live session's room. Resolves as `syncRoster` does. */
  async applyChange(session: Session, change: RoomChange): Promise<void> {
    await this.#rosterSyncs.get(session.id)?.apply(change);
  }

  /** Keeps the roster of a live session in sync with its room until it ends. */
  startSync(session: Session): void {
    const sync = new RosterSync(session, this.rooms, this.events, this.states);
    this.#rosterSyncs.set(session.id, sync);
    sync.start(this.config.reconcileMs);
  }

  bindToRoom(session: Session, roomSid: string): void {
    session.bindToRoom(roomSid);
    this.persistence.save(session);
  }

  #finish(sessionId: string): void {
    const session = this.#registry.find(sessionId);
    if (session?.status !== 'ending') return;
    this.#rosterSyncs.delete(sessionId);
    this.#registry.finish(session);
    this.persistence.save(session);
    this.#logger.log(`session ${sessionId} has ended`);
  }

  #publishLive({ id, room, options, source, record }: Session, resumes?: SessionLive['resumes']): void {
    const byServer = isTranscribedByServer(this.config.serverTranscription, room);
    this.events.publish(new SessionLive(id, room, record.liveAtMs ?? Date.now(), options, byServer, resumes, source));
  }

  #roster(): Roster {
    return new Roster({ kinds: this.config.participantKinds, sources: this.config.trackSources });
  }
}
