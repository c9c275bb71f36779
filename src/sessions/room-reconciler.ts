import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
  type OnModuleInit,
} from '@nestjs/common';
import type { WebhookEvent } from 'livekit-server-sdk';
import { BoundedMap } from '../collections/bounded-map.js';
import { sessionsConfig, type SessionsConfig } from '../config/namespaces.js';
import { LiveKitWebhooks } from '../livekit/livekit-webhooks.js';
import { Metrics } from '../metrics/metrics.js';
import { Drain } from './drain.port.js';
import { Overload } from './overload.port.js';
import { roomChange } from './livekit-rooms.js';
import { isAutoStarted } from './room-selection.js';
import { RoomPoller, type OpenRooms } from './room-poller.js';
import { Rooms, type OpenRoom } from './rooms.js';
import type { Session } from './session.js';
import { SessionRecovery } from './session-recovery.js';
import { SessionsService } from './sessions.service.js';

const POLL_AGAIN_MS = 600;
const MAX_SUPERSEDED = 1_000;
const ROOM_CHANGES = /^(room_started|room_finished|participant_|track_)/;

/**
 * Starts and ends sessions as rooms open and close. LiveKit is polled for the truth; a webhook only triggers an earlier
 * poll, so that lost, late, duplicate and reordered webhooks do no harm.
 */
@Injectable()
export class RoomReconciler implements OnModuleInit, OnApplicationBootstrap, OnModuleDestroy {
  readonly #poller: RoomPoller;
  readonly #admission: RoomAdmission;
  /** SIDs of rooms that have opened again under another: an old list that names them means nothing. */
  readonly #superseded = new BoundedMap<string, true>(MAX_SUPERSEDED);
  #pollAgainTimer: NodeJS.Timeout | undefined;

  constructor(
    @Inject(sessionsConfig.KEY) private readonly config: SessionsConfig,
    private readonly sessions: SessionsService,
    private readonly recovery: SessionRecovery,
    private readonly webhooks: LiveKitWebhooks,
    private readonly drain: Drain,
    rooms: Rooms,
    overload: Overload,
    metrics: Metrics,
  ) {
    this.#admission = new RoomAdmission(overload);
    metrics.gauge('rooms_waiting', 'rooms that wait for the load to fall', () => this.#admission.waitingCount);
    this.#poller = new RoomPoller({
      rooms,
      wanted: () => (config.autoStart === 'off' ? sessions.live().map(({ room }) => room) : undefined),
      onPolled: (polled) => this.#reconcile(polled),
    });
  }

  onModuleInit(): void {
    this.webhooks.onEvent((event) => this.#onWebhook(event));
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.recovery.recoverSessions();
    this.#poller.start(this.config.reconcileMs);
  }

  /** Resolves when sessions match the open rooms, or LiveKit cannot be asked. Also runs every few seconds. */
  reconcileAll(): Promise<void> {
    return this.#poller.pollAll();
  }

  onModuleDestroy(): void {
    this.#poller.stop();
    clearTimeout(this.#pollAgainTimer);
  }

  #onWebhook(webhook: WebhookEvent): void {
    const { event, room } = webhook;
    if (room === undefined || !ROOM_CHANGES.test(event)) return;
    const last = this.sessions.lastIn(room.name);
    const session = last?.status === 'live' ? last : undefined;
    if (session !== undefined) this.#applyWebhook(session, webhook);
    const mayStart = session === undefined && isAutoStarted(this.config.autoStart, room.name);
    const mayEnd = session !== undefined && (session.roomSid === undefined || event.startsWith('room_'));
    if (mayStart || mayEnd) void this.#poller.poll(room.name);
  }

  /** A webhook of an earlier life of the room says nothing of this one. */
  #applyWebhook(session: Session, webhook: WebhookEvent): void {
    const isOfThisRoom = session.roomSid === undefined || session.roomSid === webhook.room?.sid;
    const change = isOfThisRoom ? roomChange(webhook) : undefined;
    void (change === undefined ? this.sessions.syncRoster(session) : this.sessions.applyChange(session, change));
  }

  async #reconcile({ open, covers }: OpenRooms): Promise<void> {
    const names = new Set(open.map(({ name }) => name));
    this.#admission.nextPoll((room) => covers(room) && !names.has(room));
    const current = open.filter(({ sid }) => !this.#superseded.has(sid));
    for (const room of oneOfEachName(current, (name) => this.sessions.lastIn(name))) this.#onOpen(room);
    const gone = this.sessions.live().filter(({ room }) => covers(room) && !names.has(room));
    await Promise.all(gone.map((session) => this.#onClosed(session)));
  }

  #onOpen(room: OpenRoom): void {
    const last = this.sessions.lastIn(room.name);
    if (last?.status === 'created') return;
    if (last?.status === 'live') {
      if (last.roomSid === undefined) this.sessions.bindToRoom(last, room.sid);
      if (last.roomSid === room.sid) return;
      if (last.roomSid !== undefined) this.#superseded.set(last.roomSid, true);
      this.sessions.end(last, 'room-finished');
    }
    // A session that replaces an ending one adds no load.
    const replaces = last?.status === 'ending';
    if (this.drain.draining || !isAutoStarted(this.config.autoStart, room.name)) return;
    if (last !== undefined && wasEndedOnPurpose(last, room)) return;
    if (!replaces && !this.#admission.admit(room.name)) return;
    const session = this.sessions.create(room.name);
    session.bindToRoom(room.sid);
    this.sessions.goLive(session);
  }

  /** A session that went live before its room opened goes on waiting for the room. */
  async #onClosed(session: Session): Promise<void> {
    if (session.roomSid === undefined) return;
    await this.sessions.syncRoster(session);
    if (session.roster.empty) this.sessions.end(session, 'room-finished');
    else this.#pollAgainTimer ??= setTimeout(() => this.#pollAgain(), POLL_AGAIN_MS).unref();
  }

  /** One list that lacks a room proves nothing, and the next regular one is seconds away. */
  #pollAgain(): void {
    this.#pollAgainTimer = undefined;
    void this.#poller.pollAll();
  }
}

/** LiveKit may list a name twice, while one life of the room ends and the next begins: that of its session counts, if listed. */
function oneOfEachName(open: readonly OpenRoom[], lastIn: (name: string) => Session | undefined): OpenRoom[] {
  const isCurrent = ({ name, sid }: OpenRoom): boolean => {
    const last = lastIn(name);
    return last?.status === 'live' && last.roomSid === sid;
  };
  const precedes = (room: OpenRoom, known: OpenRoom): boolean =>
    !isCurrent(known) && (isCurrent(room) || room.createdAtMs >= known.createdAtMs);
  const rooms = new Map<string, OpenRoom>();
  for (const room of open) {
    const known = rooms.get(room.name);
    if (known === undefined || precedes(room, known)) rooms.set(room.name, room);
  }
  return [...rooms.values()];
}

/** Whether a caller of the API ended the session since the room opened: it is not started again then. */
function wasEndedOnPurpose({ roomSid, record: { endReason, endedAtMs = 0 } }: Session, room: OpenRoom): boolean {
  if (endReason !== 'api') return false;
  return roomSid === undefined ? endedAtMs >= room.createdAtMs : roomSid === room.sid;
}

/** More would all begin before the load shows what they cost. */
const MAX_STARTS_PER_POLL = 10;

/**
 * Which rooms may get a session while the service is near its limit. During an overload rooms wait; afterwards at most ten
 * start at each poll, so that they do not bring the overload back.
 */
class RoomAdmission {
  readonly #waiting = new Set<string>();
  #started = 0;

  constructor(private readonly overload: Overload) {}

  get waitingCount(): number {
    return this.#waiting.size;
  }

  /** A new poll begins. @param isClosed whether a waiting room has closed */
  nextPoll(isClosed: (room: string) => boolean): void {
    this.#started = 0;
    for (const room of this.#waiting) if (isClosed(room)) this.#waiting.delete(room);
  }

  /** Whether a session may start now; if not, the room waits. */
  admit(room: string): boolean {
    if (this.overload.overloaded || (this.#waiting.size > 0 && this.#started >= MAX_STARTS_PER_POLL)) {
      this.#waiting.add(room);
      return false;
    }
    this.#waiting.delete(room);
    this.#started += 1;
    return true;
  }
}
