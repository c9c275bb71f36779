import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { WebhookEvent } from 'livekit-server-sdk';
import { Config } from '../config/config.js';
import { LiveKitWebhooks } from '../livekit/livekit-webhooks.js';
import { Metrics } from '../metrics/metrics.js';
import { Drain } from './drain.port.js';
import { Overload } from './overload.port.js';
import { isAutoStarted } from './room-selection.js';
import { RoomAdmission } from './room-admission.js';
import { RoomPoller, type OpenRooms } from './room-poller.js';
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
  readonly #watch: RoomPoller;
  readonly #admission: RoomAdmission;

  constructor(
    private readonly config: Config,
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
    this.#watch = new RoomPoller({
      rooms,
      wanted: () => (config.sessions.autoStart === 'off' ? sessions.live().map(({ room }) => room) : undefined),
      onSeen: (seen) => this.#onSeen(seen),
    });
  }

  onModuleInit(): void {
    this.webhooks.onEvent((event) => this.#onWebhook(event));
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.restart.recoverSessions();
    this.#watch.start(this.config.sessions.reconcileMs);
  }

  /** What it does every few seconds. Resolves when sessions are as the rooms are, or LiveKit cannot be asked. */
  reconcileAll(): Promise<void> {
    return this.#watch.pollAll();
  }

  onModuleDestroy(): void {
    this.#watch.close();
  }

  #onWebhook({ event, room }: WebhookEvent): void {
    if (room === undefined || !ROOM_CHANGES.test(event)) return;
    const last = this.sessions.lastIn(room.name);
    const session = last?.status === 'live' ? last : undefined;
    if (session !== undefined) void this.sessions.syncRoster(session);
    const mayBegin = session === undefined && isAutoStarted(this.config.sessions.autoStart, room.name);
    const mayEnd = session !== undefined && (session.roomSid === undefined || event.startsWith('room_'));
    if (mayBegin || mayEnd) void this.#watch.poll(room.name);
  }

  async #onSeen({ open, covers }: OpenRooms): Promise<void> {
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
      if (last.roomSid === undefined) this.sessions.bindToRoom(last, room.sid);
      if (last.roomSid === room.sid) return;
      this.sessions.end(last, 'room-finished');
    }
    // One in place of another adds no load.
    const replaces = last?.status === 'ending';
    if (this.drain.draining || !isAutoStarted(this.config.sessions.autoStart, room.name)) return;
    if (last !== undefined && wasEndedOnPurpose(last, room)) return;
    if (!replaces && !this.#admission.admits(room.name)) return;
    const session = this.sessions.create(room.name);
    session.bindToRoom(room.sid);
    this.sessions.goLive(session);
  }

  /** One that was put live before its room opened goes on waiting for it. */
  async #onClosed(session: Session): Promise<void> {
    if (session.roomSid === undefined) return;
    await this.sessions.syncRoster(session);
    if (session.roster.empty) this.sessions.end(session, 'room-finished');
  }
}

/** Whether somebody ended the session in this very life of the room: it is not for us to begin again. */
function wasEndedOnPurpose({ roomSid, record: { endReason, endedAtMs = 0 } }: Session, room: OpenRoom): boolean {
  if (endReason !== 'api') return false;
  return roomSid === undefined ? endedAtMs >= room.createdAtMs : roomSid === room.sid;
}
