import { FRAME_SAMPLES, type TrackAudio } from './track-audio.js';

/** Bytes of 10 ms of S16LE stereo. */
export const FRAME_BYTES = FRAME_SAMPLES * 2 * 2;
export const SILENT_FRAME = Buffer.alloc(FRAME_BYTES);

/** What an egress hears: one track on both channels, or one on each. A missing channel is silence. */
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
