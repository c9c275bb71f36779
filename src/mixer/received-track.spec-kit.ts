import { FRAME_MS, FRAME_SAMPLES, samplesToMs } from '../media/audio-format.js';
import type { Arrival } from './arrivals.spec-kit.js';
import { JitterBuffer } from './jitter-buffer.js';

const PIECE = 160;
const FRAMES_PER_SECOND = 1_000 / FRAME_MS;

/** Plays a sound into a buffer in 10 ms pieces, each arriving when `arrivalMs` says, and reads a frame every 20 ms. */
export class ReceivedTrack {
  readonly buffer = new JitterBuffer();
  readonly played: Int16Array[] = [];
  readonly depthsMs: number[] = [];
  /** From when the sound of each frame was spoken until it is played. */
  readonly delaysMs: number[] = [];
  #sent = 0;
  #step = 0;

  constructor(
    private readonly sound: Int16Array,
    private readonly arrivalMs: Arrival = (spokenMs) => spokenMs,
  ) {}

  run(seconds: number): this {
    for (const end = this.#step + seconds * FRAMES_PER_SECOND; this.#step < end; this.#step++) {
      this.#receive();
      const frame = new Int16Array(FRAME_SAMPLES);
      this.played.push(this.buffer.read(frame) ? frame : new Int16Array(FRAME_SAMPLES));
      this.depthsMs.push(samplesToMs(this.buffer.bufferedSamples));
      this.delaysMs.push(this.#nowMs + FRAME_MS - samplesToMs(this.#sent - this.buffer.bufferedSamples));
    }
    return this;
  }

  get #nowMs(): number {
    return this.#step * FRAME_MS;
  }

  #receive(): void {
    while (this.#sent + PIECE <= this.sound.length && this.arrivalMs(samplesToMs(this.#sent + PIECE)) <= this.#nowMs) {
      this.buffer.write(this.sound.subarray(this.#sent, this.#sent + PIECE));
      this.#sent += PIECE;
    }
  }
}
