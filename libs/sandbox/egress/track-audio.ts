/** 10 ms at 48 kHz. */
const FRAME_SAMPLES = 480;
export const FRAME_MS = 10;

/** The port by which an egress reads a track \(48 kHz mono\) of a scripted room or a real one. */
export interface TrackAudio {
  /** Fills `frame` with the next 10 ms, silence included. Returns whether there may be sound in it. */
  read(frame: Int16Array): boolean;
  readonly muted: boolean;
  /** Unpublished, or its participant has left. */
  readonly ended: boolean;
}

/** Mixes several tracks into one; which ones may change from frame to frame. */
export class MixedAudio implements TrackAudio {
  readonly muted = false;
  #part = new Int16Array(0);

  constructor(
    private readonly parts: () => readonly TrackAudio[],
    private readonly isOver: () => boolean,
  ) {}

  get ended(): boolean {
    return this.isOver();
  }

  read(frame: Int16Array): boolean {
    frame.fill(0);
    if (this.#part.length !== frame.length) this.#part = new Int16Array(frame.length);
    let spoken = false;
    for (const track of this.parts()) {
      if (!track.read(this.#part)) continue;
      addInto(frame, this.#part);
      spoken = true;
    }
    return spoken;
  }
}

function addInto(sum: Int16Array, part: Int16Array): void {
  for (let i = 0; i < sum.length; i++) {
    sum[i] = Math.max(-32_768, Math.min(32_767, (sum[i] as number) + (part[i] as number)));
  }
}

/** Bytes of 10 ms of S16LE stereo. */
export const FRAME_BYTES = FRAME_SAMPLES * 2 * 2;
export const SILENT_FRAME = Buffer.alloc(FRAME_BYTES);

/** What an egress records: one track on both channels, or one on each. A missing channel is silence. */
export interface StereoSource {
  readonly left: TrackAudio | undefined;
  readonly right: TrackAudio | undefined;
}

/** Reads 10 ms from both channels and interleaves them. */
export class StereoCapture {
  /** The distinct tracks. */
  readonly tracks: readonly TrackAudio[];
  readonly #left = new Int16Array(FRAME_SAMPLES);
  readonly #right = new Int16Array(FRAME_SAMPLES);

  constructor(private readonly source: StereoSource) {
    this.tracks = [...new Set([source.left, source.right])].filter((track) => track !== undefined);
  }

  /** The next frame. */
  read(): Buffer {
    const { left, right } = this.source;
    const leftHeard = left?.read(this.#left) ?? false;
    const rightHeard = right === left ? leftHeard : (right?.read(this.#right) ?? false);
    if (!leftHeard && !rightHeard) return SILENT_FRAME;
    return interleave(this.#left, right === left ? this.#left : this.#right);
  }
}

function interleave(left: Int16Array, right: Int16Array): Buffer {
  const frame = new Int16Array(FRAME_SAMPLES * 2);
  for (let i = 0; i < FRAME_SAMPLES; i++) {
    frame[i * 2] = left[i] as number;
    frame[i * 2 + 1] = right[i] as number;
  }
  return Buffer.from(frame.buffer);
}

/**
 * When Egress says `{"muted":…}` for a track: true a while after the mute, false after the unmute or, when the track
 * ends muted, at its end.
 */
export class MuteReporter {
  #mutedForMs = 0;
  #reported = false;

  constructor(
    private readonly track: TrackAudio,
    private readonly mutedAfterMs: number,
    private readonly say: (text: string) => void,
  ) {}

  /** To be called for every frame. */
  tick(): void {
    const muted = this.track.muted && !this.track.ended;
    this.#mutedForMs = muted ? this.#mutedForMs + FRAME_MS : 0;
    if (!this.#reported && muted && this.#mutedForMs >= this.mutedAfterMs) this.#report(true);
    if (this.#reported && !muted) this.#report(false);
  }

  #report(muted: boolean): void {
    this.#reported = muted;
    this.say(JSON.stringify({ muted }));
  }
}
