import { Logger } from '@nestjs/common';
import { errorKind } from '../logging/error-kind.js';
import { CoalescedTask } from '../async/coalesced-task.js';
import type { OpenRoom, Rooms } from './rooms.js';

/** What LiveKit says of some rooms, or of all. */
export interface OpenRooms {
  readonly open: readonly OpenRoom[];
  /** Whether a room that is not among them is closed: it was asked for. */
  readonly covers: (room: string) => boolean;
}

export interface RoomPollerOptions {
  readonly rooms: Rooms;
  /** The rooms that matter now; undefined: any room may. */
  readonly wanted: () => readonly string[] | undefined;
  readonly onSeen: (seen: OpenRooms) => Promise<void>;
}

/**
 * Knows which rooms are open: asks when a webhook hints at one, and every few seconds anyway, so that no webhook need
 * arrive. One question at a time; a thousand hints are one question.
 */
export class RoomPoller {
  readonly #logger = new Logger(RoomPoller.name);
  readonly #look = new CoalescedTask(() => this.#lookOnce());
  readonly #hinted = new Set<string>();
  #all = false;
  #failed = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly options: RoomPollerOptions) {}

  start(everyMs: number): void {
    this.#timer ??= setInterval(() => void this.pollAll(), everyMs);
    void this.pollAll();
  }

  close(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** Resolves when what LiveKit says of the room was told, or LiveKit could not be asked. */
  poll(room: string): Promise<void> {
    this.#hinted.add(room);
    return this.#look.request();
  }

  pollAll(): Promise<void> {
    this.#all = true;
    return this.#look.request();
  }

  async #lookOnce(): Promise<void> {
    const names = this.#names();
    if (names?.length === 0) return;
    try {
      const open = await this.options.rooms.open(names);
      this.#failed = false;
      await this.options.onSeen({ open, covers: (room) => names?.includes(room) ?? true });
    } catch (error) {
      if (!this.#failed) this.#logger.warn(`the rooms cannot be listed: ${errorKind(error)}`);
      this.#failed = true;
    }
  }

  /** What to ask for now; undefined: for every room. */
  #names(): string[] | undefined {
    const hinted = [...this.#hinted];
    const wanted = this.#all ? this.options.wanted() : [];
    this.#hinted.clear();
    this.#all = false;
    return wanted && [...new Set([...hinted, ...wanted])];
  }
}
