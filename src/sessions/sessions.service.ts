import { randomUUID } from 'node:crypto';
import { Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { WebhookEvent } from 'livekit-server-sdk';
import { Config } from '../config/config.js';
import { speechOptionsFor, type SpeechWishes } from '../config/speech-options.js';
import { SessionEnded, SessionLive, TranscriptionStatusChanged } from '../events/domain-events.js';
import { EventBus } from '../events/event-bus.js';
import { LiveKitWebhooks } from '../livekit/livekit-webhooks.js';
import { Metrics } from '../metrics/metrics.js';
import { Drain } from '../records/drain.js';
import { SessionDirectory } from '../records/session-directory.js';
import { startsByItself } from './auto-start.js';
import { isHeardByServer } from './heard-by-server.js';
import { RoomFollower } from './room-follower.js';
import { RoomParticipants } from './room-participants.js';
import { Roster } from './roster.js';
import { Session } from './session.js';
import { SessionShelf } from './session-shelf.js';

/** The life of sessions: made and ended over the API or by the room's own webhooks, and followed while they are live. */
@Injectable()
export class SessionsService extends SessionDirectory implements OnModuleInit, OnModuleDestroy {
  readonly #logger = new Logger(SessionsService.name);
  readonly #shelf = new SessionShelf();
  readonly #followers = new Map<string, RoomFollower>();

  constructor(
    private readonly config: Config,
    private readonly events: EventBus,
    private readonly rooms: RoomParticipants,
    private readonly webhooks: LiveKitWebhooks,
    private readonly drain: Drain,
    metrics: Metrics,
  ) {
    super();
    metrics.gauge('sessions_live', 'sessions that are live or ending', () => this.#followers.size);
  }

  onModuleInit(): void {
    this.webhooks.onEvent((event) => this.#onWebhook(event));
    this.events.on(TranscriptionStatusChanged, ({ sessionId, status }) => {
      if (status === 'ended') this.#finish(sessionId);
    });
  }

  /** On SIGTERM: no new sessions; the live ones are ended and their last words awaited, within the grace period. */
  async onModuleDestroy(): Promise<void> {
    this.drain.begin();
    for (const session of this.#shelf.all()) this.end(session, 'shutdown');
    await this.#shelf.allOver(this.config.http.shutdownGraceMs);
    for (const follower of this.#followers.values()) follower.close();
  }

  override find(sessionId: string): Session | undefined {
    return this.#shelf.find(sessionId);
  }

  list(): Session[] {
    return this.#shelf.all();
  }

  /** The room's active session, made now if it has none: two in one room would transcribe every word twice. */
  create(room: string, wishes: SpeechWishes = {}, source = this.config.sessions.audioSource): Session {
    const options = speechOptionsFor(room, this.config.speech.defaults, this.config.speech.byRoom, wishes);
    return (
      this.#shelf.activeIn(room) ?? this.#shelf.add(new Session(randomUUID(), room, options, this.#roster(), source))
    );
  }

  /** Idempotent; from here on the session clock runs and tracks are followed. */
  goLive(session: Session): void {
    if (!session.goLive()) return;
    this.#logger.log(`session ${session.id} is live`);
    const heard = isHeardByServer(this.config.sessions.serverTranscription, session.room);
    const { id, room, options, source } = session;
    this.events.publish(new SessionLive(id, room, Date.now(), options, heard, undefined, source));
    const follower = new RoomFollower(session, this.rooms, this.events);
    this.#followers.set(session.id, follower);
    follower.start(this.config.sessions.reconcileMs);
  }

  /** Idempotent; what was said until now is still transcribed and published before the status turns to `ended`. */
  end(session: Session, reason: SessionEnded['reason']): void {
    if (!session.beginEnd()) return;
    this.#logger.log(`session ${session.id} is ending: ${reason}`);
    this.#followers.get(session.id)?.close();
    this.events.publish(new SessionEnded(session.id, reason));
  }

  #finish(sessionId: string): void {
    const session = this.#shelf.find(sessionId);
    if (session?.status !== 'ending') return;
    this.#followers.delete(sessionId);
    this.#shelf.finish(session);
    this.#logger.log(`session ${sessionId} has ended`);
  }

  #onWebhook({ event, room }: WebhookEvent): void {
    if (room === undefined) return;
    if (event === 'room_started') this.#onRoomStarted(room.name);
    if (/^(room_finished|participant_|track_)/.test(event))
      void this.#onRoomChanged(room.name, event === 'room_finished');
  }

  #onRoomStarted(room: string): void {
    const known = this.#shelf.activeIn(room) !== undefined;
    if (known || this.drain.draining || !startsByItself(this.config.sessions.autoStart, room)) return;
    this.goLive(this.create(room));
  }

  /** A late `room_finished` may speak of the room's last life, so only an empty room ends a session. */
  async #onRoomChanged(room: string, finished: boolean): Promise<void> {
    const session = this.#shelf.activeIn(room);
    if (session?.status !== 'live') return;
    await this.#followers.get(session.id)?.look();
    if (finished && session.roster.empty) this.end(session, 'room-finished');
  }

  #roster(): Roster {
    return new Roster({ kinds: this.config.sessions.participantKinds, sources: this.config.sessions.trackSources });
  }
}
