import { type PublishOptions, SandboxTrack, type TrackListener } from './sandbox-track.js';
import { newSid } from './sids.js';

/** A data packet as a participant receives it. A server's packet has no sender. */
export interface DataPacket {
  readonly payload: Uint8Array;
  readonly topic: string | undefined;
  readonly kind: 'RELIABLE' | 'LOSSY';
  /** Unix time. */
  readonly receivedAtMs: number;
}

type DataListener = (packet: DataPacket) => void;

export type ParticipantKind = 'standard' | 'sip' | 'ingress' | 'egress' | 'agent';

export interface JoinOptions {
  readonly identity: string;
  /** Display name. */
  readonly name?: string;
  /** Default `standard`. */
  readonly kind?: ParticipantKind;
}

/** What a room wants to know of who is in it. */
export interface ParticipantListener {
  trackPublished(participant: SandboxParticipant, track: SandboxTrack): void;
  trackUnpublished(participant: SandboxParticipant, track: SandboxTrack): void;
  left(participant: SandboxParticipant): void;
}

const REMEMBERED_PACKETS = 10_000;

/** Somebody in a scripted room. */
export class SandboxParticipant {
  readonly sid = newSid('PA_');
  readonly identity: string;
  readonly name: string;
  readonly kind: ParticipantKind;
  readonly joinedAtMs = Date.now();
  readonly tracks = new Map<string, SandboxTrack>();
  /** The data packets that came while in the room, oldest first. */
  readonly received: DataPacket[] = [];
  /** Counts up with every change, as LiveKit's does. */
  version = 2;
  isPublisher = false;
  leaveReason = 'CLIENT_INITIATED';
  #present = true;
  readonly #dataListeners = new Set<DataListener>();

  constructor(
    options: JoinOptions,
    private readonly listener: ParticipantListener,
  ) {
    this.identity = options.identity;
    this.name = options.name ?? '';
    this.kind = options.kind ?? 'standard';
  }

  get present(): boolean {
    return this.#present;
  }

  publish(options: PublishOptions = {}): SandboxTrack {
    if (!this.#present) throw new Error('a participant who has left cannot publish');
    const track = new SandboxTrack(options, this.#onTrackChange);
    this.tracks.set(track.sid, track);
    this.isPublisher = true;
    this.version++;
    this.listener.trackPublished(this, track);
    return track;
  }

  /** Calls `listener` with every data packet from now on; returns how to stop it. */
  onData(listener: DataListener): () => void {
    this.#dataListeners.add(listener);
    return () => this.#dataListeners.delete(listener);
  }

  /** Hands over a packet that the server sent. */
  deliver(packet: DataPacket): void {
    this.received.push(packet);
    if (this.received.length > REMEMBERED_PACKETS) this.received.shift();
    for (const listener of this.#dataListeners) listener(packet);
  }

  /** Unpublishes what is published and leaves. */
  leave(): void {
    if (!this.#present) return;
    for (const track of [...this.tracks.values()]) track.unpublish();
    this.#present = false;
    this.version++;
    this.listener.left(this);
  }

  readonly #onTrackChange: TrackListener = (track, change) => {
    this.version++;
    if (change !== 'unpublished') return;
    this.tracks.delete(track.sid);
    this.listener.trackUnpublished(this, track);
  };
}
