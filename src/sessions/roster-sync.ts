import { Logger } from '@nestjs/common';
import {
  AttendanceChanged,
  ParticipantJoined,
  ParticipantRenamed,
  TrackPublished,
  TracksLeftOut,
  TrackUnpublished,
} from '../events/domain-events.js';
import type { EventBus } from '../events/event-bus.js';
import { sleep } from '../async/sleep.js';
import { errorKind } from '../logging/error-kind.js';
import { CoalescedTask } from '../async/coalesced-task.js';
import { RoomView, type RoomChange } from './room-view.js';
import type { Rooms } from './rooms.js';
import type { SessionStates } from './session-states.port.js';
import type { RosterTrack } from './roster.js';
import type { Session } from './session.js';

/** When LiveKit is asked again after a webhook, or after a list that lacks somebody, until list and webhooks agree. */
const LIST_AGAIN_MS = [500, 1_000, 2_000, 4_000];
/** How often at most the room is listed for somebody who is not known to be in it: each list is a request to LiveKit. */
const NEWCOMER_LIST_EVERY_MS = 1_000;
/** How far LiveKit's lists may lag behind. */
const LIST_LAG_MS = 2_000;

/**
 * Keeps a live session's roster in sync with its room: by what webhooks report, and by LiveKit's list, which is read when a
 * webhook has come and every few seconds. Publishes each change as a domain event.
 */
export class RosterSync {
  readonly #logger = new Logger(RosterSync.name);
  readonly #sync = new CoalescedTask(() => this.#syncOnce());
  readonly #view: RoomView;
  /** By track, the frames that had arrived when the room was last listed. */
  readonly #frames = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;
  #nextList: NodeJS.Timeout | undefined;
  #relists = 0;
  /** When LiveKit last listed the room, by our clock. */
  #listedAtUnixMs = 0;
  /** Identities that a moderator has removed since attendance was updated. */
  readonly #removed = new Set<string>();
  readonly #stopped = new AbortController();
  #newcomers: Promise<void> | undefined;
  #failed = false;

  constructor(
    private readonly session: Session,
    private readonly rooms: Rooms,
    private readonly events: EventBus,
    private readonly states: SessionStates,
  ) {
    this.#view = new RoomView((trackSid) => this.#isReceiving(trackSid));
  }

  start(everyMs: number): void {
    this.#timer ??= setInterval(() => void this.sync(), everyMs);
    void this.sync();
  }

  /** A webhook reports a change. Resolves when LiveKit's list was read, too, or LiveKit could not be asked. */
  apply(change: RoomChange): Promise<void> {
    this.#view.apply(change, performance.now());
    if (change.kind === 'left' && change.removed !== undefined) this.#removed.add(change.removed);
    this.#publishChanges();
    this.#relists = 0;
    this.#scheduleList();
    return this.sync();
  }

  /** Lists the room, a second after the last time at the earliest. Resolves as `sync` does. */
  lookForNewcomers(): Promise<void> {
    this.#newcomers ??= this.#listLater().finally(() => (this.#newcomers = undefined));
    return this.#newcomers;
  }

  async #listLater(): Promise<void> {
    const waitMs = this.#listedAtUnixMs + NEWCOMER_LIST_EVERY_MS - Date.now();
    await sleep(Math.min(NEWCOMER_LIST_EVERY_MS, waitMs), this.#stopped.signal);
    if (!this.#stopped.signal.aborted) await this.sync();
  }

  /** Resolves when the list was read, or LiveKit could not be asked. */
  sync(): Promise<void> {
    return this.#sync.request();
  }

  stop(): void {
    this.#stopped.abort();
    clearInterval(this.#timer);
    clearTimeout(this.#nextList);
    this.#timer = undefined;
    this.#relists = LIST_AGAIN_MS.length;
  }

  async #syncOnce(): Promise<void> {
    try {
      const listed = await this.rooms.participants(this.session.room);
      this.#failed = false;
      this.#view.list(listed, performance.now());
      this.#rememberFrames();
      this.#publishChanges();
      this.#listedAtUnixMs = Date.now();
      if (this.#view.agreed) this.#relists = 0;
      else this.#scheduleList();
    } catch (error) {
      if (!this.#failed)
        this.#logger.warn(`session ${this.session.id}: the room cannot be listed: ${errorKind(error)}`);
      this.#failed = true;
    }
  }

  #scheduleList(): void {
    const delayMs = LIST_AGAIN_MS[this.#relists];
    if (delayMs === undefined) return;
    clearTimeout(this.#nextList);
    this.#nextList = setTimeout(() => {
      this.#relists += 1;
      void this.sync();
    }, delayMs).unref();
  }

  #isReceiving(trackSid: string): boolean {
    if (!this.states.isStreaming(this.session.id, trackSid)) return false;
    const frames = this.states.connection(this.session.id, trackSid)?.frames;
    return frames === undefined || frames > (this.#frames.get(trackSid) ?? 0);
  }

  #rememberFrames(): void {
    this.#frames.clear();
    for (const { trackSid } of this.session.roster.tracks) {
      const frames = this.states.connection(this.session.id, trackSid)?.frames;
      if (frames !== undefined) this.#frames.set(trackSid, frames);
    }
  }

  #publishChanges(): void {
    if (this.session.status !== 'live') return;
    const present = this.#view.participants;
    this.#publish(this.session.roster.update(present));
    const visits = this.session.attendance.update(present, this.#removed, Date.now());
    this.#removed.clear();
    if (visits.length > 0) this.events.publish(new AttendanceChanged(this.session.id, visits));
  }

  #publish({ joined, renamed, published, unpublished, leftOutChanged }: ReturnType<Session['roster']['update']>): void {
    const { id, room, roster } = this.session;
    if (leftOutChanged) this.events.publish(new TracksLeftOut(id, roster.leftOut));
    for (const { trackSid } of unpublished) this.events.publish(new TrackUnpublished(id, trackSid));
    for (const { identity, name } of joined) this.events.publish(new ParticipantJoined(id, identity, name));
    for (const { identity, name } of renamed) this.events.publish(new ParticipantRenamed(id, identity, name));
    for (const track of published) {
      const { trackSid, identity, name, source } = track;
      this.events.publish(
        new TrackPublished(id, room, trackSid, identity, name, source, this.#publishedAtUnixMs(track)),
      );
    }
  }

  /** LiveKit's clock may differ from ours: a new track is younger than the last list, which did not name it. */
  #publishedAtUnixMs({ versionUnixMs }: RosterTrack): number | undefined {
    if (versionUnixMs === undefined) return undefined;
    return Math.min(Math.max(versionUnixMs, this.#listedAtUnixMs - LIST_LAG_MS), Date.now());
  }
}
