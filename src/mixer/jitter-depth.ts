import { FRAME_SAMPLES, msToSamples } from '../media/audio-format.js';
import { LowWater } from './low-water.js';

const START_DEPTH = msToSamples(60);
const LEAST_DEPTH = msToSamples(20);
export const GREATEST_DEPTH = msToSamples(200);
const DEEPER_AFTER_UNDERRUN = msToSamples(40);
const TICKS_PER_SECOND = 50;

/** What to do with the next frame to bring a buffer to the right depth. */
export type Correction = 'none' | 'skip-much' | 'skip' | 'repeat';

/**
 * How much of a track is held back. What stays in the buffer at its emptiest moment is what could be spared: more than the
 * jitter asks for is played off in pauses, less is made up for in pauses. Where no pause comes for long, a few samples do.
 */
export class JitterDepth {
  /** How much must be there before a track begins to play, in samples. */
  startSamples = START_DEPTH;
  readonly #recently = new LowWater(TICKS_PER_SECOND / 2);
  readonly #lately = new LowWater(5 * TICKS_PER_SECOND);
  #sincePause = 0;
  #sinceUnderrun = 0;

  /** Takes how much is left after a frame was played. */
  observe(leftSamples: number): void {
    this.#recently.observe(leftSamples);
    this.#lately.observe(leftSamples);
    if (++this.#sinceUnderrun % (10 * TICKS_PER_SECOND) === 0) {
      this.startSamples = Math.max(LEAST_DEPTH, this.startSamples - FRAME_SAMPLES);
    }
  }

  underrun(): void {
    this.#recently.reset();
    this.#lately.reset();
    this.#sinceUnderrun = 0;
    this.startSamples = Math.min(GREATEST_DEPTH, this.startSamples + DEEPER_AFTER_UNDERRUN);
  }

  /** What the next frame needs, which lies in a pause or does not. */
  correction(inPause: boolean): Correction {
    this.#sincePause = inPause ? 0 : this.#sincePause + 1;
    if (inPause) return this.#inPause();
    const rarely = this.#sincePause % TICKS_PER_SECOND === 0 && this.#sincePause >= 10 * TICKS_PER_SECOND;
    return rarely ? this.#inSound() : 'none';
  }

  /** A correction was made: so much was left out, or (below 0) heard twice. */
  corrected(samples: number): void {
    this.#recently.shift(-samples);
    this.#lately.shift(-samples);
  }

  /** What should be left at the emptiest moment. */
  get #reserve(): number {
    return Math.max(LEAST_DEPTH, this.startSamples / 3);
  }

  get #backlogged(): boolean {
    return this.#recently.settled && this.#recently.value > GREATEST_DEPTH + FRAME_SAMPLES;
  }

  #inPause(): Correction {
    if (this.#backlogged) return 'skip-much';
    if (this.#lately.value < this.#reserve) return 'repeat';
    return this.#lately.settled && this.#lately.value >= this.#reserve + 2 * FRAME_SAMPLES ? 'skip' : 'none';
  }

  #inSound(): Correction {
    if (this.#backlogged) return 'none';
    if (this.#lately.value < LEAST_DEPTH / 2) return 'repeat';
    return this.#lately.settled && this.#lately.value >= this.#reserve + 2.5 * FRAME_SAMPLES ? 'skip' : 'none';
  }
}
