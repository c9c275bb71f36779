import { createHash, randomBytes } from 'node:crypto';
import { encode } from '../../libs/protocol/codec.js';
import type { Message, SnapshotMessage } from '../../libs/protocol/message.js';
import type { MessageJournal } from '../transcripts/message-journal.port.js';
import type { DeliveryState } from '../sessions/session-states.port.js';
import type { Packet } from './data-channel.js';
import { DeliveryStatus, type DeliveryView } from './delivery-status.js';
import { PacketQueue } from './packet-queue.js';

type Unnumbered<M> = M extends Message ? Omit<M, 'seq'> : never;

const NONCE_BYTES = 16;

/** A message that has no sequence number yet. */
export type UnnumberedMessage = Unnumbered<Message>;

/** Which packets may be dropped for others while LiveKit is slow. */
export type PacketFate = Pick<Packet, 'supersedes' | 'supersededBy'>;

export interface PublicationOptions {
  readonly sessionId: string;
  readonly liveAtUnixMs: number;
  readonly journal: MessageJournal;
  readonly send: (packet: Packet) => Promise<void>;
  /** How far apart the interims of a segment should be now. */
  readonly interimGapMs: () => number;
  /** Called when the message has its number and is on its way to the store and the room. */
  readonly onPublished: (message: Message) => void;
  readonly onLost: () => void;
  /** A packet was accepted, so long after its message got its number. */
  readonly onDelivered: (delayMs: number) => void;
}

/** Numbers the messages of one session, stores them and sends them to its room, in this order. */
export class Publication {
  readonly #queue: PacketQueue;
  readonly #deliveries = new DeliveryStatus();
  /** When an interim of each open segment was sent last. */
  readonly #interimAtMs = new Map<string, number>();
  #seq: number;
  #deliveredSeq: number;
  #lost = 0;
  /** The message that ends the session was published. */
  #ended = false;

  constructor(private readonly options: PublicationOptions) {
    const { sessionId, journal } = options;
    this.#queue = new PacketQueue({
      send: (packet) => this.#send(packet),
      onLost: (packet) => this.#onLost(packet),
      onDelivered: options.onDelivered,
    });
    this.#seq = journal.lastSeq(sessionId);
    const [undelivered] = journal.recovered(sessionId)?.undelivered ?? [];
    this.#deliveredSeq = (undelivered?.seq ?? this.#seq + 1) - 1;
  }

  get sessionId(): string {
    return this.options.sessionId;
  }

  /** Unix time of session time 0. */
  get liveAtUnixMs(): number {
    return this.options.liveAtUnixMs;
  }

  get report(): { messages: number; undelivered: number } {
    return { messages: this.#seq, undelivered: this.#lost };
  }

  /** What LiveKit accepted, and what it refused last. */
  get deliveries(): DeliveryView {
    return this.#deliveries.view;
  }

  get deliveryState(): DeliveryState {
    const { lastRefusal, ...times } = this.#deliveries.view;
    const { forbidden } = this.#deliveries;
    return { undelivered: this.#lost, ...times, ...(lastRefusal && { lastRefusal: { ...lastRefusal, forbidden } }) };
  }

  /** Continues after a restart: sends again what may not have arrived, and makes finals of the partials left open. */
  resume(): void {
    const { sessionId, journal } = this.options;
    const recovered = journal.recovered(sessionId);
    for (const message of recovered?.undelivered ?? []) this.#push(message);
    for (const { seq: _, ...segment } of recovered?.openSegments ?? []) {
      this.publish({ ...segment, revision: segment.revision + 1, final: true });
    }
  }

  /** Messages after the one that ends the session are for readers of the history only: they are stored and not sent. */
  publish(unnumbered: UnnumberedMessage, fate: PacketFate = {}): void {
    this.#seq += 1;
    const message: Message = { ...unnumbered, seq: this.#seq };
    const written = this.options.journal.append(message, this.#deliveredSeq);
    if (!this.#ended) this.#push(message, { ...fate, written });
    if (message.type === 'status' && message.status === 'ended') this.#ended = true;
    this.options.onPublished(message);
  }

  /** Sends a snapshot to one participant; it gets no number of its own. */
  sendTo(snapshot: SnapshotMessage, toIdentity: string): void {
    this.#queue.push({ bytes: encode(snapshot), nonce: randomBytes(NONCE_BYTES), toIdentity });
  }

  /** Resolves when no packet is waiting to be sent. */
  idle(): Promise<void> {
    return this.#queue.idle();
  }

  #push(message: Message, packet: Partial<Packet> = {}): void {
    const { seq, type } = message;
    if (type === 'transcript') this.#deliveries.awaitTranscript(seq);
    if (this.#isThinnedOut(packet)) {
      this.#markSettled({ seq });
      return;
    }
    this.#queue.push({ ...packet, seq, bytes: encode(message), nonce: packetNonce(this.sessionId, seq) });
  }

  /** Whether this interim follows the one before it too closely to be sent while LiveKit takes few packets. */
  #isThinnedOut({ supersedes, supersededBy }: Partial<Packet>): boolean {
    if (supersededBy === undefined) {
      if (supersedes !== undefined) this.#interimAtMs.delete(supersedes);
      return false;
    }
    const nowMs = performance.now();
    const lastMs = this.#interimAtMs.get(supersededBy) ?? -Infinity;
    const gapMs = this.options.interimGapMs();
    if (gapMs > 0 && nowMs - lastMs < gapMs) return true;
    this.#interimAtMs.set(supersededBy, nowMs);
    return false;
  }

  async #send(packet: Packet): Promise<void> {
    try {
      await this.options.send(packet);
    } catch (error) {
      this.#deliveries.refused(error, Date.now());
      throw error;
    }
    this.#deliveries.delivered(packet.seq, Date.now());
    this.#markSettled(packet);
  }

  #onLost(packet: Packet): void {
    this.#lost += 1;
    this.#markSettled(packet);
    this.options.onLost();
  }

  #markSettled({ seq = 0 }: Pick<Packet, 'seq'>): void {
    this.#deliveredSeq = Math.max(this.#deliveredSeq, seq);
  }
}

/** Derived from session and number, so that a message sent again after a restart has the same nonce and arrives once. */
function packetNonce(sessionId: string, seq: number): Uint8Array {
  return createHash('sha256').update(`${sessionId}\n${seq}`).digest().subarray(0, NONCE_BYTES);
}
