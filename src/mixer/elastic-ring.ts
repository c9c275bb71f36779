import { RingBuffer } from '../../libs/audio/ring-buffer.js';
import { SAMPLE_RATE_HZ } from '../media/audio-format.js';

/** Room for the greatest depth; small, so that the rings of hundreds of tracks stay in the cache. */
const REST_CAPACITY = SAMPLE_RATE_HZ / 4;
const GREATEST_CAPACITY = 30 * SAMPLE_RATE_HZ;

/** A ring of a quarter of a second that grows to thirty while a burst is in it. */
export class ElasticRing {
  readonly #ring = new RingBuffer(REST_CAPACITY);

  get length(): number {
    return this.#ring.length;
  }

  get capacity(): number {
    return this.#ring.capacity;
  }

  /** Appends, and returns how many of the oldest samples were lost for it. */
  write(samples: Int16Array): number {
    const needed = this.#ring.length + samples.length;
    if (needed > this.capacity && this.capacity < GREATEST_CAPACITY) {
      this.#ring.resize(Math.min(GREATEST_CAPACITY, Math.max(needed, 2 * this.capacity)));
    }
    return this.#ring.write(samples);
  }

  peek(output: Int16Array, offset = 0): number {
    return this.#ring.peek(output, offset);
  }

  loudest(back: number, count: number): number {
    return this.#ring.loudest(back, count);
  }

  scale(back: number, count: number, gain: (at: number, count: number) => number): void {
    this.#ring.scale(back, count, gain);
  }

  /** What was skipped last, at the end of `output`; of what has not been overwritten, as much as it holds. */
  recall(output: Int16Array): number {
    return this.#ring.recall(output);
  }

  skip(samples: number): number {
    const skipped = this.#ring.skip(samples);
    if (this.capacity > REST_CAPACITY && this.#ring.length < REST_CAPACITY / 2) this.#ring.resize(REST_CAPACITY);
    return skipped;
  }
}
