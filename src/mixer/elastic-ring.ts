import { RingBuffer } from '../../libs/audio/ring-buffer.js';
import { SAMPLE_RATE_HZ } from '../media/audio-format.js';

/** Holds the deepest jitter buffer; small, so that the rings of hundreds of tracks stay in the CPU cache. */
const IDLE_CAPACITY = SAMPLE_RATE_HZ / 4;
const MAX_CAPACITY = 30 * SAMPLE_RATE_HZ;

/** A ring buffer of a quarter of a second that grows up to 30 s while it holds a burst. */
export class ElasticRing {
  readonly #ring = new RingBuffer(IDLE_CAPACITY);

  get length(): number {
    return this.#ring.length;
  }

  get capacity(): number {
    return this.#ring.capacity;
  }

  /** Appends samples. Returns how many of the oldest were overwritten. */
  write(samples: Int16Array): number {
    const needed = this.#ring.length + samples.length;
    if (needed > this.capacity && this.capacity < MAX_CAPACITY) {
      this.#ring.resize(Math.min(MAX_CAPACITY, Math.max(needed, 2 * this.capacity)));
    }
    return this.#ring.write(samples);
  }

  peek(output: Int16Array, offset = 0): number {
    return this.#ring.peek(output, offset);
  }

  peak(back: number, count: number): number {
    return this.#ring.peak(back, count);
  }

  scale(back: number, count: number, gain: (at: number, count: number) => number): void {
    this.#ring.scale(back, count, gain);
  }

  /** Copies the samples before the read position to the end of `output`, as far as they are not overwritten. Returns how many. */
  peekPlayed(output: Int16Array): number {
    return this.#ring.peekPlayed(output);
  }

  skip(samples: number): number {
    const skipped = this.#ring.skip(samples);
    if (this.capacity > IDLE_CAPACITY && this.#ring.length < IDLE_CAPACITY / 2) this.#ring.resize(IDLE_CAPACITY);
    return skipped;
  }
}
