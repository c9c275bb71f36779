import type { ConnectionMessage, LossCause } from './messages.js';
import type { TrackSubscription } from './track-subscription.js';
import type { ParticipantProcess, RoomConnectionListener } from './participant-process.js';
import { ConnectionTrack } from './connection-track.js';
import type { ProcessFault } from './process-watch.js';
import type { RoomCredential } from './room-credentials.js';

/** Why a presence came to nothing, or is to be replaced. A leaking one still hears. */
export type ConnectionFailure = LossCause | ProcessFault | 'process-ended' | 'unusable';

/** LiveKit's client tries every 5 s to come back; joining anew is quicker. */
const RECONNECT_WITHIN_MS = 3_000;

/** One participant of ours in one room, in a child process. It serves once: who is lost joins again as somebody else. */
export class RoomConnection implements RoomConnectionListener {
  readonly joined: Promise<void>;
  /** Resolves when it is to be replaced. Never rejects. */
  readonly failure: Promise<ConnectionFailure>;
  readonly #number: number;
  readonly #tracks = new Map<TrackSubscription, ConnectionTrack>();
  #markJoined!: () => void;
  #markTrouble!: (trouble: ConnectionFailure) => void;
  #timer: NodeJS.Timeout | undefined;
  #left = false;

  /** @param order counts the presences of a session: of two that hear a track, the later one counts */
  constructor(
    private readonly process: ParticipantProcess,
    { url, token }: RoomCredential,
    readonly order: number,
  ) {
    this.joined = new Promise((resolve) => (this.#markJoined = resolve));
    this.failure = new Promise((resolve) => (this.#markTrouble = resolve));
    this.#number = process.addConnection(this);
    process.send({ kind: 'join', presence: this.#number, url, token });
  }

  /** From when on the track is heard, its carriage is told. */
  subscribe(carriage: TrackSubscription): void {
    if (this.#left) return;
    const track = new ConnectionTrack(carriage, this.order);
    this.#tracks.set(carriage, track);
    track.number = this.process.addTrack(track);
    const { trackSid } = carriage.track;
    this.process.send({ kind: 'hear', presence: this.#number, track: track.number, trackSid });
  }

  unsubscribe(carriage: TrackSubscription): void {
    const track = this.#tracks.get(carriage);
    if (track === undefined) return;
    this.#tracks.delete(carriage);
    this.process.send({ kind: 'unhear', presence: this.#number, track: track.number });
    this.#forget(track);
  }

  /** Resolves when sound of every track has come. */
  async allReceiving(): Promise<void> {
    await Promise.all([...this.#tracks.values()].map(async ({ begun }) => begun));
  }

  /** Idempotent. @returns the process, which may have nothing to do any more */
  leave(): ParticipantProcess {
    if (this.#left) return this.process;
    this.#left = true;
    clearTimeout(this.#timer);
    this.process.send({ kind: 'leave', presence: this.#number });
    this.process.removeConnection(this.#number);
    for (const track of this.#tracks.values()) this.#forget(track);
    this.#tracks.clear();
    return this.process;
  }

  onMessage(message: ConnectionMessage): void {
    if (message.kind === 'joined') this.#markJoined();
    else if (message.kind === 'reconnecting') this.#reconnecting();
    else if (message.kind === 'reconnected') this.#reconnected();
    else this.#fail(message.cause);
  }

  unwell(illness: ProcessFault): void {
    if (illness === 'hung') this.#fail(illness);
    else this.#markTrouble(illness);
  }

  gone(): void {
    this.#fail(this.process.isUnusable ? 'unusable' : 'process-ended');
  }

  #reconnecting(): void {
    this.#interrupt(true);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#fail('disconnected'), RECONNECT_WITHIN_MS);
  }

  #reconnected(): void {
    clearTimeout(this.#timer);
    this.#interrupt(false);
  }

  #fail(trouble: ConnectionFailure): void {
    this.#interrupt(true);
    this.#markTrouble(trouble);
  }

  #interrupt(interrupted: boolean): void {
    for (const track of this.#tracks.values()) track.interrupt(interrupted);
  }

  #forget(track: ConnectionTrack): void {
    this.process.removeTrack(track.number);
    track.interrupt(true);
  }
}
