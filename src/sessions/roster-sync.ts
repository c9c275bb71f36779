import { Logger } from '@nestjs/common';
import { ParticipantJoined, ParticipantRenamed, TrackPublished, TrackUnpublished } from '../events/domain-events.js';
import type { EventBus } from '../events/event-bus.js';
import { errorKind } from '../logging/error-kind.js';
import { CoalescedTask } from '../async/coalesced-task.js';
import type { Rooms } from './rooms.js';
import type { Session } from './session.js';

/**
 * Keeps a live session's roster equal to its room: looks when a webhook hints at a change, and every few seconds anyway.
 * What changed is told as facts.
 */
export class RosterSync {
  readonly #logger = new Logger(RosterSync.name);
  readonly #sync = new CoalescedTask(() => this.#lookOnce());
  #timer: NodeJS.Timeout | undefined;
  #failed = false;

  constructor(
    private readonly session: Session,
    private readonly rooms: Rooms,
    private readonly events: EventBus,
  ) {}

  start(everyMs: number): void {
    this.#timer ??= setInterval(() => void this.look(), everyMs);
    void this.look();
  }

  /** Resolves when the roster is as the room is now, or the room could not be asked. */
  look(): Promise<void> {
    return this.#sync.request();
  }

  close(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  async #lookOnce(): Promise<void> {
    try {
      const listed = await this.rooms.participants(this.session.room);
      this.#failed = false;
      if (this.session.status === 'live') this.#tell(this.session.roster.update(listed));
    } catch (error) {
      if (!this.#failed)
        this.#logger.warn(`session ${this.session.id}: the room cannot be listed: ${errorKind(error)}`);
      this.#failed = true;
    }
  }

  #tell({ joined, renamed, published, unpublished }: ReturnType<Session['roster']['update']>): void {
    const { id, room } = this.session;
    for (const { trackSid } of unpublished) this.events.publish(new TrackUnpublished(id, trackSid));
    for (const { identity, name } of joined) this.events.publish(new ParticipantJoined(id, identity, name));
    for (const { identity, name } of renamed) this.events.publish(new ParticipantRenamed(id, identity, name));
    for (const { trackSid, identity, name, source } of published) {
      this.events.publish(new TrackPublished(id, room, trackSid, identity, name, source));
    }
  }
}
