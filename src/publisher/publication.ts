import { randomBytes } from 'node:crypto';
import { encode } from '../../libs/protocol/codec.js';
import type { Message, SnapshotMessage } from '../../libs/protocol/message.js';
import type { MessageJournal } from '../transcripts/message-journal.port.js';
import type { DeliveryState } from '../sessions/session-states.port.js';
import { packetNonce } from './packet-nonce.js';
import { DeliveryStatus, type DeliveryView } from './delivery-status.js';
import { PacketQueue, type Packet } from './packet-queue.js';

type Unnumbered<M> = M extends Message ? Omit<M, 'seq'> : never;

/** A message that has no number yet. */
export type UnnumberedMessage = Unnumbered<Message>;

/** What may become of a packet while LiveKit is slow. */
export type PacketFate = Pick<Packet, 'supersedes' | 'supersededBy'>;

export interface PublicationOptions {
  readonly sessionId: string;
  readonly liveAtUnixMs: number;
  readonly journal: MessageJournal;
  readonly send: (packet: Packet) => Promise<void>;
  /** The message has its number and is on its way to the store and the room. */
  readonly onPublished: (message: Message) => void;
  readonly onLost: () => void;
}

/** The messages of one session on their way to its room: numbered, written down, sent, in this order. */
export class Publication {
  readonly #queue: PacketQueue;
  readonly #deliveries = new DeliveryStatus();
  #seq: number;
  #deliveredSeq: number;
  #lost = 0;
  /** The room was told that nothing more comes. */
  #ended = false;

  constructor(private readonly options: PublicationOptions) {
    const { sessionId, journal } = options;
    this.#queue = new PacketQueue({ send: (packet) => this.#send(packet), onLost: (packet) => this.#onLost(packet) });
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

  /** What LiveKit took, and what it last refused. */
  get deliveries(): DeliveryView {
    return this.#deliveries.view;
  }

  get deliveryState(): DeliveryState {
    const { lastRefusal, ...times } = this.#deliveries.view;
    const { forbidden } = this.#deliveries;
    return { undelivered: this.#lost, ...times, ...(lastRefusal && { lastRefusal: { ...lastRefusal, forbidden } }) };
  }

  /** Goes on where an earlier run died: sends what may not have arrived, and finishes what nobody will say more of. */
  resume(): void {
    const { sessionId, journal } = this.options;
    const left = journal.recovered(sessionId);
    for (const message of left?.undelivered ?? []) this.#push(message);
    for (const { seq: _, ...segment } of left?.openSegments ?? []) {
      this.publish({ ...segment, revision: segment.revision + 1, final: true });
    }
  }

  /** What comes after the session's last message is for who reads the history: it is written down and not sent. */
  publish(unnumbered: UnnumberedMessage, fate: PacketFate = {}): void {
    this.#seq += 1;
    const message: Message = { ...unnumbered, seq: this.#seq };
    const written = this.options.journal.append(message, this.#deliveredSeq);
    if (!this.#ended) this.#push(message, { ...fate, written });
    if (message.type === 'status' && message.status === 'ended') this.#ended = true;
    this.options.onPublished(message);
  }

  /** To one participant alone; it takes no number. */
  sendTo(snapshot: SnapshotMessage, toIdentity: string): void {
    this.#queue.push({ bytes: encode(snapshot), nonce: randomBytes(16), toIdentity });
  }

  /** Resolves when nothing is on its way any more. */
  idle(): Promise<void> {
    return this.#queue.idle();
  }

  #push(message: Message, packet: Partial<Packet> = {}): void {
    const { seq, type } = message;
    if (type === 'transcript') this.#deliveries.awaitTranscript(seq);
    this.#queue.push({ ...packet, seq, bytes: encode(message), nonce: packetNonce(this.sessionId, seq) });
  }

  async #send(packet: Packet): Promise<void> {
    try {
      await this.options.send(packet);
    } catch (error) {
      this.#deliveries.refused(error, Date.now());
      throw error;
    }
    this.#deliveries.delivered(packet.seq, Date.now());
    this.#settled(packet);
  }

  #onLost(packet: Packet): void {
    this.#lost += 1;
    this.#settled(packet);
    this.options.onLost();
  }

  #settled({ seq = 0 }: Packet): void {
    this.#deliveredSeq = Math.max(this.#deliveredSeq, seq);
  }
}
