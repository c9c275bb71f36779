import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { Interval } from '../async/interval.js';
import { SessionEnded, SessionLive } from '../events/domain-events.js';
import { EventBus } from '../events/event-bus.js';
import { errorKind } from '../logging/error-kind.js';
import { SessionProblems } from '../sessions/session-problems.port.js';
import { EgressInventory } from './egress-inventory.js';

const CHECK_EVERY_MS = 60_000;

const RECOVERED = 'No other service receives the sound of this room any more.';
const sentence = (egressIds: readonly string[]): string =>
  `Another service receives the sound of this room, too (${egressIds.join(', ')}): words may come twice.`;

/** Tells the rooms in which a WebSocket that is not ours receives sound: a second transcriber would show each word twice. */
@Injectable()
export class ForeignEgresses implements OnModuleInit {
  readonly #logger = new Logger(ForeignEgresses.name);
  /** The rooms of live sessions, by session. */
  readonly #rooms = new Map<string, string>();

  constructor(
    private readonly events: EventBus,
    private readonly problems: SessionProblems,
    private readonly inventory: EgressInventory,
  ) {}

  onModuleInit(): void {
    this.events.on(SessionLive, ({ sessionId, room }) => void this.#rooms.set(sessionId, room));
    this.events.on(SessionEnded, ({ sessionId }) => void this.#rooms.delete(sessionId));
  }

  /** Never rejects. */
  @Interval(CHECK_EVERY_MS)
  async check(): Promise<void> {
    if (this.#rooms.size === 0) return;
    try {
      const { foreign } = await this.inventory.list();
      for (const [sessionId, room] of this.#rooms) {
        const ids = foreign.filter((egress) => egress.room === room).map(({ egressId }) => egressId);
        if (ids.length === 0) this.problems.end(sessionId, 'foreign-egress', RECOVERED);
        else this.problems.begin(sessionId, 'foreign-egress', sentence(ids.sort()));
      }
    } catch (error) {
      this.#logger.debug(`the egresses cannot be listed: ${errorKind(error)}`);
    }
  }
}
