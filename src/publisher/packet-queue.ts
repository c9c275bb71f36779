import { PacketInvalid, RoomNotFound, type Packet } from './data-channel.js';

export interface PacketQueueOptions {
  readonly send: (packet: Packet) => Promise<void>;
  /** Called for each packet that is given up. */
  readonly onLost: (packet: Packet) => void;
  /** Called for each packet that was accepted, with how long that took from `push`. */
  readonly onDelivered?: (delayMs: number) => void;
  /** How long a packet that must arrive is retried. */
  readonly retryForMs?: number;
  /** The same, while the room does not exist. */
  readonly retryRoomForMs?: number;
  readonly firstRetryMs?: number;
}

interface QueuedPacket {
  readonly packet: Packet;
  readonly queuedAtMs: number;
}

/** With more packets than this in the queue, superseded partials are dropped. */
const CONGESTED = 4;
const MAX_QUEUED = 1000;
const MAX_RETRY_DELAY_MS = 2_000;
/** Longer than most outages of LiveKit's API; the queue is bounded anyway. */
const RETRY_FOR_MS = 180_000;
/** A room that is over has nobody left to receive the last words. */
const RETRY_ROOM_FOR_MS = 30_000;

/**
 * Sends a room's packets one after the other, so that they arrive in order. A packet that must arrive is retried for a while;
 * while LiveKit is slow, a partial that is superseded is dropped. Packets for one participant wait until the queue for all is
 * empty. Both queues are bounded.
 */
export class PacketQueue {
  readonly #options: Required<PacketQueueOptions>;
  #toAll: QueuedPacket[] = [];
  /** Each for one participant. */
  readonly #toOne: QueuedPacket[] = [];
  #sending: Promise<void> | undefined;

  constructor(options: PacketQueueOptions) {
    this.#options = {
      retryForMs: RETRY_FOR_MS,
      retryRoomForMs: RETRY_ROOM_FOR_MS,
      firstRetryMs: 200,
      onDelivered: () => undefined,
      ...options,
    };
  }

  push(packet: Packet): void {
    if (this.#toAll.length > CONGESTED && packet.supersedes !== undefined) this.#dropSuperseded(packet.supersedes);
    const queue = packet.toIdentity === undefined ? this.#toAll : this.#toOne;
    if (queue.length >= MAX_QUEUED) this.#drop(queue.shift());
    queue.push({ packet, queuedAtMs: performance.now() });
    this.#sending ??= this.#sendAll().finally(() => {
      this.#sending = undefined;
    });
  }

  /** Resolves when the queues are empty. */
  async idle(): Promise<void> {
    await this.#sending;
  }

  #dropSuperseded(key: string): void {
    this.#toAll = this.#toAll.filter(({ packet }) => packet.supersededBy !== key);
  }

  async #sendAll(): Promise<void> {
    for (let next = this.#next(); next !== undefined; next = this.#next()) {
      await next.packet.written;
      if (!(await this.#deliver(next))) this.#drop(next);
    }
  }

  #next(): QueuedPacket | undefined {
    return this.#toAll.shift() ?? this.#toOne.shift();
  }

  async #deliver({ packet, queuedAtMs }: QueuedPacket): Promise<boolean> {
    const { send, retryForMs, retryRoomForMs, firstRetryMs } = this.#options;
    for (let delayMs = firstRetryMs; ; delayMs = Math.min(delayMs * 2, MAX_RETRY_DELAY_MS)) {
      try {
        await send(packet);
        this.#options.onDelivered(performance.now() - queuedAtMs);
        return true;
      } catch (error) {
        if (error instanceof PacketInvalid) return false;
        const leftMs = queuedAtMs + (error instanceof RoomNotFound ? retryRoomForMs : retryForMs) - performance.now();
        if (packet.supersededBy !== undefined || delayMs > leftMs) return false;
        // A retry alone must not keep the process alive.
        await new Promise((resolve) => setTimeout(resolve, delayMs).unref());
      }
    }
  }

  #drop(queued: QueuedPacket | undefined): void {
    if (queued !== undefined) this.#options.onLost(queued.packet);
  }
}
