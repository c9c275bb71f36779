import { msToSamples } from '../../media/audio-format.js';

const KEPT = msToSamples(8_000);

/** The last eight seconds or more of one connection. Positions are counted in samples from its first one. */
export class RecentAudio {
  #samples = new Int16Array(msToSamples(1_000));
  #start = 0;
  #length = 0;

  /** The position of the oldest sample that is kept. */
  get start(): number {
    return this.#start;
  }

  /** The position after the newest sample, which is how many samples were written in all. */
  get end(): number {
    return this.#start + this.#length;
  }

  /** All that is kept; valid until the next `write`. */
  get samples(): Int16Array {
    return this.#samples.subarray(0, this.#length);
  }

  write(samples: Int16Array): void {
    if (this.#length + samples.length > 2 * KEPT) this.#forget(this.#length - KEPT);
    this.#makeRoom(this.#length + samples.length);
    this.#samples.set(samples, this.#length);
    this.#length += samples.length;
  }

  /** The kept samples from a position on; valid until the next `write`. */
  from(position: number): Int16Array {
    return this.#samples.subarray(Math.min(this.#length, Math.max(0, position - this.#start)), this.#length);
  }

  #forget(samples: number): void {
    this.#samples.copyWithin(0, samples, this.#length);
    this.#start += samples;
    this.#length -= samples;
  }

  #makeRoom(length: number): void {
    if (length <= this.#samples.length) return;
    const larger = new Int16Array(Math.max(length, 2 * this.#samples.length));
    larger.set(this.samples);
    this.#samples = larger;
  }
}
