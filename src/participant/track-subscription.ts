import type {
  AudioSubscription,
  SubscriptionEndReason,
  RefusalScope,
  TrackToTranscribe,
} from '../media/audio-source.js';
import type { TrackState } from '../media/track-state.js';
import type { TrackAudioSink, TrackInput } from '../media/track-audio-sink.js';

/** The connection that receives a track. */
export interface TrackReceiver {
  /** Where two connections receive a track, the one with the higher order counts. */
  readonly order: number;
}

/** Audio that is still on its way when a track ends: the jitter buffers of WebRTC and of the mix. */
const LAST_FRAMES_MS = 300;
/** How long a source goes on beside the one that takes over: the mix aligns their audio, and switches in a pause. */
const HANDOVER_MS = 5_000;
const DENIED = 'its publisher does not let us hear the track';

/** One track of a room on its way into the mix, over whichever connections receive it. */
export class TrackSubscription implements AudioSubscription {
  readonly established: Promise<void>;
  readonly ended: Promise<void>;
  readonly refused: Promise<string>;
  /** The connections that receive the track: two for a moment, while one replaces the other. */
  readonly #receivers = new Set<TrackReceiver>();
  readonly #listeners: ((isReceiving: boolean) => void)[] = [];
  /** The connection whose samples are used. */
  #current: TrackReceiver | undefined;
  #input: TrackInput | undefined;
  #closing = false;
  #handedOver = false;
  #finished = false;
  #finishTimer: NodeJS.Timeout | undefined;
  #interruptions = 0;
  #resolveEstablished!: () => void;
  #resolveEnded!: () => void;
  #resolveRefused!: (reason: string) => void;
  #deniedReason: string | undefined;

  /**
   * @param onFinished called when the subscription is over, so that no connection need receive the track for it
   * @param readState the state of the track's reception, which also depends on the connection to the room
   */
  constructor(
    readonly track: TrackToTranscribe,
    private readonly sink: TrackAudioSink,
    private readonly onFinished: (why: SubscriptionEndReason) => void,
    private readonly readState: () => TrackState,
  ) {
    this.established = new Promise((resolve) => (this.#resolveEstablished = resolve));
    this.ended = new Promise((resolve) => (this.#resolveEnded = resolve));
    this.refused = new Promise((resolve) => (this.#resolveRefused = resolve));
  }

  get state(): TrackState {
    return this.readState();
  }

  get receiving(): boolean {
    return this.#receivers.size > 0;
  }

  get closing(): boolean {
    return this.#closing;
  }

  /** Whether another source has taken the track over. */
  get handedOver(): boolean {
    return this.#handedOver;
  }

  /** Whether the track was ever received. */
  get hasReceived(): boolean {
    return this.#input !== undefined;
  }

  /** How often reception was interrupted. */
  get interruptions(): number {
    return this.#interruptions;
  }

  get refusalScope(): RefusalScope {
    return this.#deniedReason === undefined ? 'source' : 'track';
  }

  get deniedReason(): string | undefined {
    return this.#deniedReason;
  }

  onReceiving(listener: (isReceiving: boolean) => void): void {
    this.#listeners.push(listener);
  }

  close(why: SubscriptionEndReason): void {
    const endsHandover = this.#closing && this.#handedOver && why !== 'handed-over';
    if (this.#closing && !endsHandover) return;
    this.#closing = true;
    this.#handedOver = why === 'handed-over';
    clearTimeout(this.#finishTimer);
    if (!this.receiving) this.#finish(why);
    else this.#finishTimer = setTimeout(() => this.#finish(why), this.#handedOver ? HANDOVER_MS : LAST_FRAMES_MS);
  }

  /** This source cannot receive the track, and another should be tried. */
  refuse(reason: string): void {
    this.#resolveRefused(reason);
  }

  /** LiveKit denies the subscription: the publisher does not permit it. */
  deny(): void {
    this.#deniedReason = DENIED;
    this.refuse(DENIED);
  }

  onStarted(receiver: TrackReceiver): void {
    const wasReceiving = this.receiving;
    this.#receivers.add(receiver);
    if (wasReceiving) return;
    this.#input ??= this.#open();
    this.#deniedReason = undefined;
    this.#resolveEstablished();
    this.#notify(true);
  }

  onStopped(receiver: TrackReceiver): void {
    if (!this.#receivers.delete(receiver) || this.receiving) return;
    if (!this.#closing) this.#interruptions += 1;
    this.#notify(false);
  }

  /** Only the samples of the newest connection are used, from its first ones on. */
  write(receiver: TrackReceiver, samples: Int16Array): void {
    if (receiver !== this.#current) {
      if (this.#current !== undefined && this.#current.order > receiver.order) return;
      this.#current = receiver;
    }
    this.#input?.write(samples);
  }

  setMuted(receiver: TrackReceiver, muted: boolean): void {
    if (this.#current === undefined || this.#current.order <= receiver.order) this.#input?.setMuted(muted);
  }

  #open(): TrackInput | undefined {
    const { sessionId, trackSid } = this.track;
    return this.sink.admission(sessionId, trackSid) === 'admitted' ? this.sink.open(sessionId, trackSid) : undefined;
  }

  #finish(why: SubscriptionEndReason): void {
    if (this.#finished) return;
    this.#finished = true;
    this.onFinished(why);
    this.#input?.close();
    this.#input = undefined;
    this.#resolveEnded();
  }

  #notify(isReceiving: boolean): void {
    for (const listener of this.#listeners) listener(isReceiving);
  }
}
