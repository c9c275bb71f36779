import type { Carriage, CarriageEnd, RefusalConcern, TrackToCarry } from '../media/audio-source.js';
import type { TrackState } from '../media/track-state.js';
import type { TrackAudioSink, TrackInput } from '../media/track-audio-sink.js';

/** Who hears a track: one of our presences in its room. */
export interface Hearer {
  /** Of two that hear a track, the later one counts. */
  readonly order: number;
}

/** What is on the way from the room when a track ends: WebRTC's jitter buffer and ours. */
const LAST_FRAMES_MS = 300;
/** So long we stay beside a source that takes over: the mix finds by their sound, and in a pause, where the two meet. */
const BESIDE_NEXT_MS = 5_000;
const DENIED = 'its publisher does not let us hear the track';

/** One track on its way from whichever presence hears it into the mix. */
export class ParticipantCarriage implements Carriage {
  readonly established: Promise<void>;
  readonly ended: Promise<void>;
  readonly refused: Promise<string>;
  /** Those that hear it: for a moment two, while one replaces the other. */
  readonly #hearers = new Set<Hearer>();
  readonly #listeners: ((heard: boolean) => void)[] = [];
  #voice: Hearer | undefined;
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
    readonly track: TrackToCarry,
    private readonly sink: TrackAudioSink,
    private readonly leave: (why: CarriageEnd) => void,
    private readonly readState: () => TrackState,
  ) {
    this.established = new Promise((resolve) => (this.#establish = resolve));
    this.ended = new Promise((resolve) => (this.#end = resolve));
    this.refused = new Promise((resolve) => (this.#refuse = resolve));
  }

  get state(): TrackState {
    return this.readState();
  }

  get heard(): boolean {
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
  get wasHeard(): boolean {
    return this.#input !== undefined;
  }

  /** How often it was interrupted. */
  get interruptions(): number {
    return this.#interruptions;
  }

  get refusalConcerns(): RefusalConcern {
    return this.#deniedReason === undefined ? 'source' : 'track';
  }

  get deniedReason(): string | undefined {
    return this.#deniedReason;
  }

  onHearing(listener: (heard: boolean) => void): void {
    this.#listeners.push(listener);
  }

  close(why: CarriageEnd): void {
    const staysBeside = this.#closing && this.#handedOver && why !== 'handed-over';
    if (this.#closing && !staysBeside) return;
    this.#closing = true;
    this.#handedOver = why === 'handed-over';
    clearTimeout(this.#last);
    if (!this.heard) this.#finish(why);
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

  heardBy(hearer: Hearer): void {
    const wasHeard = this.heard;
    this.#hearers.add(hearer);
    if (wasHeard) return;
    this.#input ??= this.#open();
    this.#deniedReason = undefined;
    this.#establish();
    this.#tell(true);
  }

  leftBy(hearer: Hearer): void {
    if (!this.#hearers.delete(hearer) || this.heard) return;
    if (!this.#closing) this.#interruptions += 1;
    this.#tell(false);
  }

  /** Only the latest presence's samples count, from its first one on. */
  write(by: Hearer, samples: Int16Array): void {
    if (by !== this.#voice) {
      if (this.#voice !== undefined && this.#voice.order > by.order) return;
      this.#voice = by;
    }
    this.#input?.write(samples);
  }

  setMuted(by: Hearer, muted: boolean): void {
    if (this.#voice === undefined || this.#voice.order <= by.order) this.#input?.setMuted(muted);
  }

  #open(): TrackInput | undefined {
    const { sessionId, trackSid } = this.track;
    return this.sink.admission(sessionId, trackSid) === 'admitted' ? this.sink.open(sessionId, trackSid) : undefined;
  }

  #finish(why: CarriageEnd): void {
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
