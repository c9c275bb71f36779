import { Logger } from '@nestjs/common';
import { errorKind } from '../logging/error-kind.js';
import { CoalescedTask } from '../async/coalesced-task.js';
import type { OpenRoom, Rooms } from './rooms.js';

/** LiveKit's answer about some rooms, or about all. */
export interface OpenRooms {
  readonly open: readonly OpenRoom[];
  /** Whether the answer covers a room, which is closed then if it is not among the open ones. */
  readonly covers: (room: string) => boolean;
}

export interface RoomPollerOptions {
  readonly rooms: Rooms;
  /** The rooms to poll regularly; undefined for all. */
  readonly wanted: () => readonly string[] | undefined;
  readonly onPolled: (rooms: OpenRooms) => Promise<void>;
}

/**
 * Asks LiveKit which rooms are open: a single room when a webhook mentions it, and all wanted ones every few seconds, so
 * that a lost webhook does no harm. One request at a time, however many webhooks arrive meanwhile.
 */
export class RoomPoller {
  readonly #logger = new Logger(RoomPoller.name);
  readonly #poll = new CoalescedTask(() => this.#pollOnce());
  readonly #requested = new Set<string>();
  #allRequested = false;
  #failed = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly options: RoomPollerOptions) {}

  start(everyMs: number): void {
    this.#timer ??= setInterval(() => void this.pollAll(), everyMs);
    void this.pollAll();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** Resolves when LiveKit's answer was handled, or LiveKit could not be asked. */
  poll(room: string): Promise<void> {
    this.#requested.add(room);
    return this.#poll.request();
  }

  /** Resolves when LiveKit's answer was handled, or LiveKit could not be asked. */
  pollAll(): Promise<void> {
    this.#allRequested = true;
    return this.#poll.request();
  }

  async #pollOnce(): Promise<void> {
    const names = this.#takeNames();
    if (names?.length === 0) return;
    try {
      const open = await this.options.rooms.open(names);
      this.#failed = false;
      await this.options.onPolled({ open, covers: (room) => names?.includes(room) ?? true });
    } catch (error) {
      if (!this.#failed) this.#logger.warn(`the rooms cannot be listed: ${errorKind(error)}`);
      this.#failed = true;
    }
  }

  /** The rooms to ask for; undefined for all. */
  #takeNames(): string[] | undefined {
    const requested = [...this.#requested];
    const wanted = this.#allRequested ? this.options.wanted() : [];
    this.#requested.clear();
    this.#allRequested = false;
    return wanted && [...new Set([...requested, ...wanted])];
  }
}
