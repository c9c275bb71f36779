import { Logger } from '@nestjs/common';
import { ParticipantJoined, ParticipantRenamed, TrackPublished, TrackUnpublished } from '../events/domain-events.js';
import type { EventBus } from '../events/event-bus.js';
import { errorKind } from '../logging/error-kind.js';
import { CoalescedTask } from '../async/coalesced-task.js';
import type { Rooms } from './rooms.js';
import type { Session } from './session.js';

/**
 * Keeps a live session's roster in sync with its room: when a webhook reports a change, and every few seconds. Publishes
 * each change as a domain event.
 */
export class RosterSync {
  readonly #logger = new Logger(RosterSync.name);
  readonly #sync = new CoalescedTask(() => this.#syncOnce());
  #timer: NodeJS.Timeout | undefined;
  #failed = false;

  constructor(
    private readonly session: Session,
    private readonly rooms: Rooms,
    private readonly events: EventBus,
  ) {}

  start(everyMs: number): void {
    this.#timer ??= setInterval(() => void this.sync(), everyMs);
    void this.sync();
  }

  /** Resolves when the roster matches the room, or LiveKit could not be asked. */
  sync(): Promise<void> {
    return this.#sync.request();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  async #syncOnce(): Promise<void> {
    try {
      const listed = await this.rooms.participants(this.session.room);
      this.#failed = false;
      if (this.session.status === 'live') this.#publish(this.session.roster.update(listed));
    } catch (error) {
      if (!this.#failed)
        this.#logger.warn(`session ${this.session.id}: the room cannot be listed: ${errorKind(error)}`);
      this.#failed = true;
    }
  }

  #publish({ joined, renamed, published, unpublished }: ReturnType<Session['roster']['update']>): void {
    const { id, room } = this.session;
    for (const { trackSid } of unpublished) this.events.publish(new TrackUnpublished(id, trackSid));
    for (const { identity, name } of joined) this.events.publish(new ParticipantJoined(id, identity, name));
    for (const { identity, name } of renamed) this.events.publish(new ParticipantRenamed(id, identity, name));
    for (const { trackSid, identity, name, source } of published) {
      this.events.publish(new TrackPublished(id, room, trackSid, identity, name, source));
    }
  }
}
