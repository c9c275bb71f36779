import { RoomNotFound } from './room-not-found.js';

/** A message on its way to one room. */
export interface Packet {
  readonly bytes: Uint8Array;
  /** The same for every attempt to send this packet, in this run or the next, and for no other. */
  readonly nonce: Uint8Array;
  /** Its number, where it has one of its own. */
  readonly seq?: number;
  /** It is not sent before this resolves. */
  readonly written?: Promise<void>;
  /** A later packet with this key says all that this one says; undefined for what must arrive. */
  readonly supersededBy?: string;
  /** The key under which it supersedes earlier ones. */
  readonly supersedes?: string;
  readonly toIdentity?: string;
}

export interface PacketQueueOptions {
  readonly send: (packet: Packet) => Promise<void>;
  /** Called for each packet that was given up. */
  readonly onLost: (packet: Packet) => void;
  /** How long a packet that must arrive is tried. */
  readonly tryForMs?: number;
  /** The same, where the room is not there. */
  readonly tryForRoomMs?: number;
  readonly firstRetryMs?: number;
}

interface Waiting {
  readonly packet: Packet;
  readonly sinceMs: number;
}

/** Above this many waiting packets, partials that are out of date are left out. */
const CONGESTED = 4;
const MOST_WAITING = 1000;
const LAST_RETRY_MS = 2_000;
/** Longer than LiveKit's API is mostly away; what waits is bounded anyway. */
const TRY_FOR_MS = 180_000;
/** Nobody waits for the last words in a room that is over. */
const TRY_FOR_ROOM_MS = 30_000;

/**
 * Sends a room's packets one after the other, so that they arrive in order. What must arrive is tried again for a while;
 * while LiveKit is slow, a partial gives way to its successor. What is for one participant gives way to what is for all.
 * Bounded.
 */
export class PacketQueue {
  readonly #options: Required<PacketQueueOptions>;
  #waiting: Waiting[] = [];
  /** For one participant each. */
  readonly #asides: Waiting[] = [];
  #working: Promise<void> | undefined;

  constructor(options: PacketQueueOptions) {
    this.#options = { tryForMs: TRY_FOR_MS, tryForRoomMs: TRY_FOR_ROOM_MS, firstRetryMs: 200, ...options };
  }

  push(packet: Packet): void {
    if (this.#waiting.length > CONGESTED && packet.supersedes !== undefined) this.#leaveOut(packet.supersedes);
    const lane = packet.toIdentity === undefined ? this.#waiting : this.#asides;
    if (lane.length >= MOST_WAITING) this.#drop(lane.shift());
    lane.push({ packet, sinceMs: performance.now() });
    this.#working ??= this.#work().finally(() => {
      this.#working = undefined;
    });
  }

  /** Resolves when nothing waits any more. */
  async idle(): Promise<void> {
    await this.#working;
  }

  #leaveOut(key: string): void {
    this.#waiting = this.#waiting.filter(({ packet }) => packet.supersededBy !== key);
  }

  async #work(): Promise<void> {
    for (let next = this.#next(); next !== undefined; next = this.#next()) {
      await next.packet.written;
      if (!(await this.#deliver(next))) this.#drop(next);
    }
  }

  #next(): Waiting | undefined {
    return this.#waiting.shift() ?? this.#asides.shift();
  }

  async #deliver({ packet, sinceMs }: Waiting): Promise<boolean> {
    const { send, tryForMs, tryForRoomMs, firstRetryMs } = this.#options;
    for (let pauseMs = firstRetryMs; ; pauseMs = Math.min(pauseMs * 2, LAST_RETRY_MS)) {
      try {
        await send(packet);
        return true;
      } catch (error) {
        const leftMs = sinceMs + (error instanceof RoomNotFound ? tryForRoomMs : tryForMs) - performance.now();
        if (packet.supersededBy !== undefined || pauseMs > leftMs) return false;
        // A retry alone keeps no process alive.
        await new Promise((resolve) => setTimeout(resolve, pauseMs).unref());
      }
    }
  }

  #drop(waiting: Waiting | undefined): void {
    if (waiting !== undefined) this.#options.onLost(waiting.packet);
  }
}
