import { Limiter } from '../../libs/audio/limiter.js';
import { FRAME_SAMPLES } from '../media/audio-format.js';

/** Scratch of the process: one frame is mixed at a time. */
const SUM = new Int32Array(FRAME_SAMPLES);
const MIXED = new Int16Array(FRAME_SAMPLES);
const SILENCE = new Int16Array(FRAME_SAMPLES);

/** Adds voices to one frame. One voice alone comes out bit for bit; several that exceed 16 bits are limited. */
export class FrameMixer {
  readonly #limiter = new Limiter();
  #voices = 0;

  add(frame: Int16Array): void {
    this.#voices += 1;
    if (this.#voices === 1) MIXED.set(frame);
    else if (this.#voices === 2) for (let i = 0; i < FRAME_SAMPLES; i++) SUM[i] = MIXED[i]! + frame[i]!;
    else for (let i = 0; i < FRAME_SAMPLES; i++) SUM[i] = SUM[i]! + frame[i]!;
  }

  /** The frame of what was added since the last call; overwritten by the next call on any mixer. */
  take(): Int16Array {
    const voices = this.#voices;
    this.#voices = 0;
    if (voices === 0 && !this.#limiter.active) return SILENCE;
    if (voices === 1 && !this.#limiter.active) return MIXED;
    if (voices === 0) SUM.fill(0);
    if (voices === 1) SUM.set(MIXED);
    this.#limiter.process(SUM, MIXED);
    return MIXED;
  }
}
