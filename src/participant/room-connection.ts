import type { ConnectionMessage, LossCause, TrackMessage } from './messages.js';
import type { ParticipantProcess, RoomConnectionListener, TrackListener } from './participant-process.js';
import type { ProcessFault } from './process-watch.js';
import type { RoomCredential } from './room-credentials.js';
import type { TrackReceiver, TrackSubscription } from './track-subscription.js';

/** Why a connection failed, or is to be replaced. One in a `leaking` process still receives. */
export type ConnectionFailure = LossCause | ProcessFault | 'process-ended' | 'unusable';

/** For people who look after the service. */
export const FAILURE_REASONS: Readonly<Record<ConnectionFailure, string>> = {
  unreachable: 'LiveKit cannot be reached',
  refused: 'LiveKit refuses to let us in: LIVEKIT_API_KEY and LIVEKIT_API_SECRET must be right',
  removed: 'our participant was removed from the room',
  'room-closed': 'the room is closed',
  moved: 'our participant was moved to another room',
  disconnected: 'the connection to the room was lost',
  leaking: 'the process that is in the room takes too much memory and is replaced',
  hung: 'the process that is in the room gives no sign of life',
  'process-ended': 'the process that is in the room has ended',
  unusable: 'joining rooms needs LiveKit’s client: install @livekit/rtc-node or choose another AUDIO_SOURCE',
};

/** LiveKit's client tries to reconnect every 5 s; a new connection is quicker. */
const RECONNECT_WITHIN_MS = 3_000;

/** One hidden participant in one room, in a child process. It joins once: after a failure, a new connection replaces it. */
export class RoomConnection implements RoomConnectionListener {
  readonly joined: Promise<void>;
  /** Resolves when the connection is to be replaced. Never rejects. */
  readonly failure: Promise<ConnectionFailure>;
  readonly #number: number;
  readonly #tracks = new Map<TrackSubscription, ConnectionTrack>();
  #resolveJoined!: () => void;
  #resolveFailure!: (failure: ConnectionFailure) => void;
  #reconnectTimer: NodeJS.Timeout | undefined;
  #left = false;

  /** @param order counts the connections of a session: where two receive a track, the later one counts */
  constructor(
    private readonly process: ParticipantProcess,
    { url, token }: RoomCredential,
    readonly order: number,
  ) {
    this.joined = new Promise((resolve) => (this.#resolveJoined = resolve));
    this.failure = new Promise((resolve) => (this.#resolveFailure = resolve));
    this.#number = process.addConnection(this);
    process.send({ kind: 'join', connection: this.#number, url, token });
  }

  /** The subscription is notified when the track is received. */
  subscribe(subscription: TrackSubscription): void {
    if (this.#left) return;
    const track = new ConnectionTrack(subscription, this.order);
    this.#tracks.set(subscription, track);
    track.number = this.process.addTrack(track);
    const { trackSid } = subscription.track;
    this.process.send({ kind: 'subscribe', connection: this.#number, track: track.number, trackSid });
  }

  unsubscribe(subscription: TrackSubscription): void {
    const track = this.#tracks.get(subscription);
    if (track === undefined) return;
    this.#tracks.delete(subscription);
    this.process.send({ kind: 'unsubscribe', connection: this.#number, track: track.number });
    this.#remove(track);
  }

  /** Resolves when every track has delivered audio. */
  async allReceiving(): Promise<void> {
    await Promise.all([...this.#tracks.values()].map(async ({ started }) => started));
  }

  /** Idempotent. @returns the process, which may have no connection left */
  leave(): ParticipantProcess {
    if (this.#left) return this.process;
    this.#left = true;
    clearTimeout(this.#reconnectTimer);
    this.process.send({ kind: 'leave', connection: this.#number });
    this.process.removeConnection(this.#number);
    for (const track of this.#tracks.values()) this.#remove(track);
    this.#tracks.clear();
    return this.process;
  }

  onMessage(message: ConnectionMessage): void {
    if (message.kind === 'joined') this.#resolveJoined();
    else if (message.kind === 'reconnecting') this.#reconnecting();
    else if (message.kind === 'reconnected') this.#reconnected();
    else this.#fail(message.cause);
  }

  onFault(fault: ProcessFault): void {
    if (fault === 'hung') this.#fail(fault);
    else this.#resolveFailure(fault);
  }

  onExit(): void {
    this.#fail(this.process.isUnusable ? 'unusable' : 'process-ended');
  }

  #reconnecting(): void {
    this.#setInterrupted(true);
    clearTimeout(this.#reconnectTimer);
    this.#reconnectTimer = setTimeout(() => this.#fail('disconnected'), RECONNECT_WITHIN_MS);
  }

  #reconnected(): void {
    clearTimeout(this.#reconnectTimer);
    this.#setInterrupted(false);
  }

  #fail(failure: ConnectionFailure): void {
    this.#setInterrupted(true);
    this.#resolveFailure(failure);
  }

  #setInterrupted(isInterrupted: boolean): void {
    for (const track of this.#tracks.values()) track.setInterrupted(isInterrupted);
  }

  #remove(track: ConnectionTrack): void {
    this.process.removeTrack(track.number);
    track.setInterrupted(true);
  }
}

/** One track as one connection receives it. */
class ConnectionTrack implements TrackListener, TrackReceiver {
  number = 0;
  /** Resolves with the first audio. */
  readonly started: Promise<void>;
  #resolveStarted: (() => void) | undefined;
  #isSubscribed = false;
  #isInterrupted = false;

  constructor(
    private readonly subscription: TrackSubscription,
    readonly order: number,
  ) {
    this.started = new Promise((resolve) => (this.#resolveStarted = resolve));
  }

  onMessage(message: TrackMessage): void {
    if (message.kind === 'muted') {
      this.subscription.setMuted(this, message.muted);
      return;
    }
    if (message.kind === 'denied') this.subscription.deny();
    this.#isSubscribed = message.kind === 'subscribed';
    this.#notify();
  }

  write(samples: Int16Array): void {
    this.#resolveStarted?.();
    this.#resolveStarted = undefined;
    this.subscription.write(this, samples);
  }

  /** Whether the connection to the room is interrupted. */
  setInterrupted(isInterrupted: boolean): void {
    this.#isInterrupted = isInterrupted;
    this.#notify();
  }

  #notify(): void {
    if (this.#isSubscribed && !this.#isInterrupted) this.subscription.onStarted(this);
    else this.subscription.onStopped(this);
  }
}
