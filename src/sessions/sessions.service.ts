import { randomUUID } from 'node:crypto';
import { Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { Config } from '../config/config.js';
import { speechOptionsFor, type SpeechWishes } from '../config/speech-options.js';
import {
  InsightsReady,
  SessionEnded,
  SessionLive,
  AudioStopped,
  TranscriptionStatusChanged,
} from '../events/domain-events.js';
import { EventBus } from '../events/event-bus.js';
import { Metrics } from '../metrics/metrics.js';
import { Drain } from './drain.port.js';
import { SessionDirectory } from './session-directory.port.js';
import { isTranscribedByServer } from './transcribed-by-server.js';
import { RosterSync } from './roster-sync.js';
import { Rooms } from './rooms.js';
import { Roster } from './roster.js';
import { Session } from './session.js';
import { SessionPersistence } from './session-persistence.js';
import type { SessionRecord } from './session-record.js';
import { SessionRegistry } from './session-registry.js';
import { SessionStore } from './session-store.js';

/** The life of sessions: made, put live, ended, kept; while one is live, its room is followed. */
@Injectable()
export class SessionsService extends SessionDirectory implements OnModuleInit, OnModuleDestroy {
  readonly #logger = new Logger(SessionsService.name);
  readonly #shelf = new SessionRegistry();
  readonly #followers = new Map<string, RosterSync>();
  readonly #beforeEnd: ((session: Session) => void)[] = [];

  constructor(
    private readonly config: Config,
    private readonly events: EventBus,
    private readonly rooms: Rooms,
    private readonly drain: Drain,
    private readonly store: SessionStore,
    private readonly keeper: SessionPersistence,
    metrics: Metrics,
  ) {
    super();
    metrics.gauge('sessions_live', 'sessions that are live or ending', () => this.#followers.size);
  }

  onModuleInit(): void {
    this.events.on(TranscriptionStatusChanged, ({ sessionId, status }) => {
      if (status === 'ended') this.#finish(sessionId);
    });
    this.events.on(InsightsReady, (fact) => this.keeper.saveInsights(fact));
    // Often the track is gone, and perhaps another in its place, and the webhook that says so may be lost.
    this.events.on(AudioStopped, async ({ sessionId }) => {
      const session = this.#shelf.find(sessionId);
      if (session?.status === 'live') await this.syncRoster(session);
    });
  }

  /** On SIGTERM: no new sessions; the live ones are ended and their last words awaited, within the grace period. */
  async onModuleDestroy(): Promise<void> {
    this.drain.begin();
    for (const session of this.#shelf.all()) this.end(session, 'shutdown');
    await this.#shelf.allEnded(this.config.http.shutdownGraceMs);
    for (const follower of this.#followers.values()) follower.close();
  }

  /** Calls back with each live session that is about to end, while what is said of it still goes out. */
  beforeEnd(listener: (session: Session) => void): void {
    this.#beforeEnd.push(listener);
  }

  override find(sessionId: string): Session | undefined {
    return this.#shelf.find(sessionId);
  }

  override async lookUp(sessionId: string): Promise<Session | undefined> {
    const known = this.#shelf.find(sessionId);
    if (known !== undefined) return known;
    const record = await this.store.find(sessionId);
    return record && this.fromRecord(record);
  }

  /** A session of the database that is not among those in memory. */
  fromRecord(record: SessionRecord): Session {
    return new Session(record, this.#roster());
  }

  /** What was made of the words of a session that is over; undefined where nothing was, or the database cannot be asked. */
  async insightsOf({ id, status }: Session): Promise<InsightsReady['insights'] | undefined> {
    return status === 'ended' ? this.store.insights(id).catch(() => undefined) : undefined;
  }

  /** Oldest first; of those that are over, the last thousand. */
  list(): Session[] {
    return this.#shelf.all();
  }

  live(): Session[] {
    return this.#shelf.live();
  }

  /** The room's latest session, whatever its state. */
  lastIn(room: string): Session | undefined {
    return this.#shelf.lastIn(room);
  }

  /** The room's active session, made now if it has none: two in one room would transcribe every word twice. */
  create(room: string, wishes: SpeechWishes = {}, source = this.config.sessions.audioSource): Session {
    const known = this.#shelf.activeIn(room);
    if (known !== undefined) return known;
    const options = speechOptionsFor(room, this.config.speech.defaults, this.config.speech.byRoom, wishes);
    const record = { id: randomUUID(), room, status: 'created', options, source, createdAtMs: Date.now() } as const;
    const session = this.restore(record);
    this.keeper.save(session);
    return session;
  }

  /** Idempotent; from here on the session clock runs and tracks are followed. */
  goLive(session: Session): void {
    if (!session.goLive(Date.now())) return;
    this.#logger.log(`session ${session.id} is live`);
    this.keeper.save(session);
    this.#tellLive(session);
    this.startSync(session);
  }

  /** Idempotent; what was said until now is still transcribed and published before the status turns to `ended`. */
  end(session: Session, reason: SessionEnded['reason']): void {
    if (!session.active) return;
    if (session.status === 'live') for (const listener of this.#beforeEnd) listener(session);
    const wasLive = session.beginEnd(reason, Date.now());
    this.keeper.save(session);
    if (!wasLive) return;
    this.#logger.log(`session ${session.id} is ending: ${reason}`);
    this.#followers.get(session.id)?.close();
    this.events.publish(new SessionEnded(session.id, reason));
  }

  /** Takes a session into the list that an earlier run left, in the state that it was in. */
  restore(record: SessionRecord): Session {
    return this.#shelf.add(this.fromRecord(record));
  }

  /** Takes a live session of an earlier run up again: its clock has never stood still, and its numbers go on. */
  resume(session: Session, resumes: SessionLive['resumes']): void {
    this.#logger.log(`session ${session.id} is live again`);
    this.#tellLive(session, resumes);
  }

  /** Looks at the room of a live session now. Resolves when the roster is as the room is, or LiveKit cannot be asked. */
  async syncRoster(session: Session): Promise<void> {
    await this.#followers.get(session.id)?.look();
  }

  /** Looks at the room of a live session from now on, every few seconds at least. */
  startSync(session: Session): void {
    const follower = new RosterSync(session, this.rooms, this.events);
    this.#followers.set(session.id, follower);
    follower.start(this.config.sessions.reconcileMs);
  }

  bindToRoom(session: Session, roomSid: string): void {
    session.bindToRoom(roomSid);
    this.keeper.save(session);
  }

  #finish(sessionId: string): void {
    const session = this.#shelf.find(sessionId);
    if (session?.status !== 'ending') return;
    this.#followers.delete(sessionId);
    this.#shelf.finish(session);
    this.keeper.save(session);
    this.#logger.log(`session ${sessionId} has ended`);
  }

  #tellLive({ id, room, options, source, record }: Session, resumes?: SessionLive['resumes']): void {
    const heard = isTranscribedByServer(this.config.sessions.serverTranscription, room);
    this.events.publish(new SessionLive(id, room, record.liveAtMs ?? Date.now(), options, heard, resumes, source));
  }

  #roster(): Roster {
    return new Roster({ kinds: this.config.sessions.participantKinds, sources: this.config.sessions.trackSources });
  }
}
