import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
  type OnModuleInit,
} from '@nestjs/common';
import type { WebhookEvent } from 'livekit-server-sdk';
import { sessionsConfig, type SessionsConfig } from '../config/namespaces.js';
import { LiveKitWebhooks } from '../livekit/livekit-webhooks.js';
import { Metrics } from '../metrics/metrics.js';
import { Drain } from './drain.port.js';
import { Overload } from './overload.port.js';
import { startsByItself } from './auto-start.js';
import { RoomAdmission } from './room-admission.js';
import { RoomWatch, type RoomsSeen } from './room-watch.js';
import { Rooms, type OpenRoom } from './rooms.js';
import type { Session } from './session.js';
import { SessionRecovery } from './session-recovery.js';
import { SessionsService } from './sessions.service.js';

const ROOM_CHANGES = /^(room_started|room_finished|participant_|track_)/;

/**
 * Begins and ends sessions as rooms open and close. A webhook only makes it look sooner, so that lost, late, doubled and
 * reordered ones, and none at all, come to the same.
 */
@Injectable()
export class RoomReconciler implements OnModuleInit, OnApplicationBootstrap, OnModuleDestroy {
  readonly #watch: RoomWatch;
  readonly #admission: RoomAdmission;

  constructor(
    @Inject(sessionsConfig.KEY) private readonly config: SessionsConfig,
    private readonly sessions: SessionsService,
    private readonly restart: SessionRecovery,
    private readonly webhooks: LiveKitWebhooks,
    private readonly drain: Drain,
    rooms: Rooms,
    overload: Overload,
    metrics: Metrics,
  ) {
    this.#admission = new RoomAdmission(overload);
    metrics.gauge('rooms_waiting', 'rooms that wait for the load to fall', () => this.#admission.waiting);
    this.#watch = new RoomWatch({
      rooms,
      wanted: () => (config.autoStart === 'off' ? sessions.live().map(({ room }) => room) : undefined),
      onSeen: (seen) => this.#onSeen(seen),
    });
  }

  onModuleInit(): void {
    this.webhooks.onEvent((event) => this.#onWebhook(event));
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.restart.takeUp();
    this.#watch.start(this.config.reconcileMs);
  }

  /** What it does every few seconds. Resolves when sessions are as the rooms are, or LiveKit cannot be asked. */
  lookAtAll(): Promise<void> {
    return this.#watch.lookAtAll();
  }

  onModuleDestroy(): void {
    this.#watch.close();
  }

  #onWebhook({ event, room }: WebhookEvent): void {
    if (room === undefined || !ROOM_CHANGES.test(event)) return;
    const last = this.sessions.lastIn(room.name);
    const session = last?.status === 'live' ? last : undefined;
    if (session !== undefined) void this.sessions.look(session);
    const mayBegin = session === undefined && startsByItself(this.config.autoStart, room.name);
    const mayEnd = session !== undefined && (session.roomSid === undefined || event.startsWith('room_'));
    if (mayBegin || mayEnd) void this.#watch.lookAt(room.name);
  }

  async #onSeen({ open, covers }: RoomsSeen): Promise<void> {
    const names = new Set(open.map(({ name }) => name));
    this.#admission.look((room) => covers(room) && !names.has(room));
    for (const room of open) this.#onOpen(room);
    const gone = this.sessions.live().filter(({ room }) => covers(room) && !names.has(room));
    await Promise.all(gone.map((session) => this.#onClosed(session)));
  }

  #onOpen(room: OpenRoom): void {
    const last = this.sessions.lastIn(room.name);
    if (last?.status === 'created') return;
    if (last?.status === 'live') {
      if (last.roomSid === undefined) this.sessions.belongs(last, room.sid);
      if (last.roomSid === room.sid) return;
      this.sessions.end(last, 'room-finished');
    }
    // One in place of another adds no load.
    const replaces = last?.status === 'ending';
    if (this.drain.draining || !startsByItself(this.config.autoStart, room.name)) return;
    if (last !== undefined && wasEndedOnPurpose(last, room)) return;
    if (!replaces && !this.#admission.admits(room.name)) return;
    const session = this.sessions.create(room.name);
    session.belongsTo(room.sid);
    this.sessions.goLive(session);
  }

  /** One that was put live before its room opened goes on waiting for it. */
  async #onClosed(session: Session): Promise<void> {
    if (session.roomSid === undefined) return;
    await this.sessions.look(session);
    if (session.roster.empty) this.sessions.end(session, 'room-finished');
  }
}

/** Whether somebody ended the session in this very life of the room: it is not for us to begin again. */
function wasEndedOnPurpose({ roomSid, record: { endReason, endedAtMs = 0 } }: Session, room: OpenRoom): boolean {
  if (endReason !== 'api') return false;
  return roomSid === undefined ? endedAtMs >= room.createdAtMs : roomSid === room.sid;
}
