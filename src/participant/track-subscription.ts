import type {
  AudioSubscription,
  SubscriptionEndReason,
  RefusalScope,
  TrackToTranscribe,
} from '../media/audio-source.js';
import type { TrackState } from '../media/track-state.js';
import type { TrackAudioSink, TrackInput } from '../media/track-audio-sink.js';

/** Who hears a track: one of our presences in its room. */
export interface TrackReceiver {
  /** Of two that hear a track, the later one counts. */
  readonly order: number;
}

/** What is on the way from the room when a track ends: WebRTC's jitter buffer and ours. */
const LAST_FRAMES_MS = 300;
/** So long we stay beside a source that takes over: the mix finds by their sound, and in a pause, where the two meet. */
const BESIDE_NEXT_MS = 5_000;
const DENIED = 'its publisher does not let us hear the track';

/** One track on its way from whichever presence hears it into the mix. */
export class TrackSubscription implements AudioSubscription {
  readonly established: Promise<void>;
  readonly ended: Promise<void>;
  readonly refused: Promise<string>;
  /** Those that hear it: for a moment two, while one replaces the other. */
  readonly #hearers = new Set<TrackReceiver>();
  readonly #listeners: ((receiving: boolean) => void)[] = [];
  #voice: TrackReceiver | undefined;
  #input: TrackInput | undefined;
  #closing = false;
  #handedOver = false;
  #finished = false;
  #last: NodeJS.Timeout | undefined;
  #interruptions = 0;
  #establish!: () => void;
  #end!: () => void;
  #refuse!: (reason: string) => void;
  #deniedReason: string | undefined;

  /**
   * @param leave called when it is over: nobody need hear the track for it any more
   * @param readState how its reception goes, which depends on the connection to the room
   */
  constructor(
    readonly track: TrackToTranscribe,
    private readonly sink: TrackAudioSink,
    private readonly leave: (why: SubscriptionEndReason) => void,
    private readonly readState: () => TrackState,
  ) {
    this.established = new Promise((resolve) => (this.#establish = resolve));
    this.ended = new Promise((resolve) => (this.#end = resolve));
    this.refused = new Promise((resolve) => (this.#refuse = resolve));
  }

  get state(): TrackState {
    return this.readState();
  }

  get receiving(): boolean {
    return this.#hearers.size > 0;
  }

  get closing(): boolean {
    return this.#closing;
  }

  /** Whether another source carries the track by now. */
  get handedOver(): boolean {
    return this.#handedOver;
  }

  /** Whether it was ever heard. */
  get hasReceived(): boolean {
    return this.#input !== undefined;
  }

  /** How often it was interrupted. */
  get interruptions(): number {
    return this.#interruptions;
  }

  get refusalScope(): RefusalScope {
    return this.#deniedReason === undefined ? 'source' : 'track';
  }

  get deniedReason(): string | undefined {
    return this.#deniedReason;
  }

  onReceiving(listener: (heard: boolean) => void): void {
    this.#listeners.push(listener);
  }

  close(why: SubscriptionEndReason): void {
    const staysBeside = this.#closing && this.#handedOver && why !== 'handed-over';
    if (this.#closing && !staysBeside) return;
    this.#closing = true;
    this.#handedOver = why === 'handed-over';
    clearTimeout(this.#last);
    if (!this.receiving) this.#finish(why);
    else this.#last = setTimeout(() => this.#finish(why), this.#handedOver ? BESIDE_NEXT_MS : LAST_FRAMES_MS);
  }

  /** It cannot be carried, and another source should be asked. */
  refuse(reason: string): void {
    this.#refuse(reason);
  }

  deny(): void {
    this.#deniedReason = DENIED;
    this.refuse(DENIED);
  }

  onStarted(hearer: TrackReceiver): void {
    const wasHeard = this.receiving;
    this.#hearers.add(hearer);
    if (wasHeard) return;
    this.#input ??= this.#open();
    this.#deniedReason = undefined;
    this.#establish();
    this.#tell(true);
  }

  onStopped(hearer: TrackReceiver): void {
    if (!this.#hearers.delete(hearer) || this.receiving) return;
    if (!this.#closing) this.#interruptions += 1;
    this.#tell(false);
  }

  /** Only the latest presence's samples count, from its first one on. */
  write(by: TrackReceiver, samples: Int16Array): void {
    if (by !== this.#voice) {
      if (this.#voice !== undefined && this.#voice.order > by.order) return;
      this.#voice = by;
    }
    this.#input?.write(samples);
  }

  setMuted(by: TrackReceiver, muted: boolean): void {
    if (this.#voice === undefined || this.#voice.order <= by.order) this.#input?.setMuted(muted);
  }

  #open(): TrackInput | undefined {
    const { sessionId, trackSid } = this.track;
    return this.sink.admission(sessionId, trackSid) === 'admitted' ? this.sink.open(sessionId, trackSid) : undefined;
  }

  #finish(why: SubscriptionEndReason): void {
    if (this.#finished) return;
    this.#finished = true;
    this.leave(why);
    this.#input?.close();
    this.#input = undefined;
    this.#end();
  }

  #tell(heard: boolean): void {
    for (const listener of this.#listeners) listener(heard);
  }
}
