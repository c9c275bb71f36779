import { EventEmitter2 } from '@nestjs/event-emitter';
import { WebhookEvent, WebhookReceiver } from 'livekit-server-sdk';
import { intervalRunner } from '../async/interval.spec-kit.js';
import type { Config } from '../config/config.js';
import { parseConfig } from '../config/parse-config.js';
import {
  ParticipantJoined,
  ParticipantRenamed,
  SessionEnded,
  SessionLive,
  TrackPublished,
  TrackUnpublished,
  TranscriptionStatusChanged,
} from '../events/domain-events.js';
import { EventBus } from '../events/event-bus.js';
import { LiveKitWebhooks } from '../livekit/livekit-webhooks.js';
import { Metrics } from '../metrics/metrics.js';
import { Drain } from './drain.port.js';
import { MessageJournal, type RecoveredMessages } from '../transcripts/message-journal.port.js';
import { Overload } from './overload.port.js';
import { SessionStates } from './session-states.port.js';
import { PendingSpeech } from '../transcription/pending-speech.port.js';
import { type Database, openDatabase } from '../store/database.js';
import { RoomReconciler } from './room-reconciler.js';
import { ScriptedRooms } from './rooms.spec-kit.js';
import { AttendanceStore } from './attendance-store.js';
import { SessionPersistence } from './session-persistence.js';
import { SessionRecovery } from './session-recovery.js';
import { SessionStore } from './session-store.js';
import { SessionsService } from './sessions.service.js';

/** Webhooks whose signature was checked elsewhere. */
class TrustingReceiver extends WebhookReceiver {
  override receive(body: string): Promise<WebhookEvent> {
    return Promise.resolve(WebhookEvent.fromJsonString(body));
  }
}

/** A journal that has what a test says of every session. */
class ScriptedJournal extends MessageJournal {
  override numbered(): Promise<never[]> {
    return Promise.resolve([]);
  }

  left: RecoveredMessages = {
    ended: false,
    lastUtterance: 0,
    lastWordsMs: 0,
    undelivered: [],
    openSegments: [],
    emitted: [],
  };

  override append(): Promise<void> {
    return Promise.resolve();
  }

  override snapshot(): undefined {
    return undefined;
  }

  override lastSeq(): number {
    return 0;
  }

  override resume(): Promise<RecoveredMessages> {
    return Promise.resolve(this.left);
  }

  override recovered(): RecoveredMessages {
    return this.left;
  }
}

/** What there is at the start, for a run that is not the first. */
interface EarlierRun {
  readonly database?: Database;
  readonly left?: Partial<RecoveredMessages>;
  readonly rooms?: ScriptedRooms;
  /** What is said of each track, by SID. */
  readonly tracks?: Record<string, Record<string, unknown>>;
}

/** The sessions module by itself: rooms are scripted, the database is in memory, nobody speaks. */
export class SessionsUnderTest {
  readonly events = new EventBus(new EventEmitter2());
  readonly drain = new Drain();
  readonly overload: Overload;
  readonly published: object[] = [];
  readonly webhooks = new LiveKitWebhooks(new TrustingReceiver('key', 'secret'));
  readonly store: SessionStore;
  readonly persistence: SessionPersistence;
  readonly intervals = intervalRunner();
  readonly journal = new ScriptedJournal();
  readonly states = new SessionStates();
  readonly pendingSpeech = new PendingSpeech();
  /** What is said of each track, by SID. */
  readonly tracks: Map<string, Record<string, unknown>>;
  readonly sessions: SessionsService;
  readonly reconciler: RoomReconciler;

  private constructor(
    readonly config: Config,
    readonly database: Database,
    readonly rooms: ScriptedRooms,
    tracks: Record<string, Record<string, unknown>>,
  ) {
    this.tracks = new Map(Object.entries(tracks));
    this.store = new SessionStore(database);
    this.persistence = new SessionPersistence(this.store, new AttendanceStore(database), database, this.pendingSpeech);
    const metrics = new Metrics();
    this.overload = new Overload(config.overload, metrics);
    this.#provideStates();
    const { events, drain, store, persistence, overload } = this;
    this.sessions = new SessionsService(
      config.sessions,
      config.speech,
      events,
      rooms,
      drain,
      store,
      persistence,
      this.states,
      metrics,
    );
    const recovery = new SessionRecovery(this.sessions, store, persistence, this.journal, events, this.states);
    this.reconciler = new RoomReconciler(
      config.sessions,
      this.sessions,
      recovery,
      this.webhooks,
      drain,
      rooms,
      overload,
      metrics,
    );
    const types = [SessionLive, SessionEnded, ParticipantJoined, ParticipantRenamed, TrackPublished, TrackUnpublished];
    for (const type of [...types, TranscriptionStatusChanged]) {
      events.on<object>(type, (event) => void this.published.push(event));
    }
  }

  #provideStates(): void {
    this.states.provide({
      track: (_, trackSid) => {
        const isStreaming = this.tracks.get(trackSid)?.['state'] === 'streaming';
        return isStreaming ? { source: 'egress', reception: { state: 'streaming' } } : undefined;
      },
      connection: (_, trackSid) => {
        const frames = this.tracks.get(trackSid)?.['frames'];
        if (typeof frames !== 'number') return undefined;
        return { frames, bytesReceived: 0, codec: 'pcm', muted: false };
      },
    });
  }

  static async start(
    variables: Record<string, string> = {},
    { database, left, rooms, tracks = {} }: EarlierRun = {},
  ): Promise<SessionsUnderTest> {
    const config = parseConfig({
      LIVEKIT_API_KEY: 'key',
      LIVEKIT_API_SECRET: 'secret',
      LIVEKIT_HTTP_URL: 'http://127.0.0.1:1',
      GLADIA_API_KEY: 'key',
      SESSION_RECONCILE_S: '60',
      SHUTDOWN_GRACE_S: '1',
      ...variables,
    });
    const world = new SessionsUnderTest(
      config,
      database ?? (await openDatabase('file::memory:')),
      rooms ?? new ScriptedRooms(),
      tracks,
    );
    world.journal.left = { ...world.journal.left, ...left };
    world.sessions.onModuleInit();
    world.reconciler.onModuleInit();
    world.persistence.onApplicationBootstrap();
    world.intervals.start(world.persistence);
    await world.reconciler.onApplicationBootstrap();
    await world.settled();
    return world;
  }

  eventNames(): string[] {
    return this.published.map((event) => event.constructor.name);
  }

  /** @param news whom and what it is about, in the room as it is now; without, it only says that something happened */
  async webhook(event: string, room = 'standup', news?: object): Promise<void> {
    const sid = news && this.sessions.lastIn(room)?.roomSid;
    await this.webhooks.accept(JSON.stringify({ event, room: { name: room, sid }, ...news }), 'signed');
    await this.settled();
  }

  /** Everything that was begun has run. */
  async settled(): Promise<void> {
    for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
  }

  deliverLastWords(sessionId: string): void {
    this.events.publish(new TranscriptionStatusChanged(sessionId, 'ended', 'Over.'));
  }

  /** The process dies: nothing more is written. The database is as it is then. */
  async die(): Promise<Database> {
    await this.settled();
    this.reconciler.onModuleDestroy();
    for (const session of this.sessions.list()) {
      this.persistence.setTranscribed(session, false);
      session.beginEnd('api', 0);
      session.finish();
    }
    await this.sessions.onModuleDestroy();
    return this.database;
  }

  async close(): Promise<void> {
    this.reconciler.onModuleDestroy();
    for (const session of this.sessions.list()) this.sessions.end(session, 'api');
    for (const { id } of this.sessions.list()) this.deliverLastWords(id);
    await this.sessions.onModuleDestroy();
    this.intervals.beforeApplicationShutdown();
    await this.database.close();
  }
}
