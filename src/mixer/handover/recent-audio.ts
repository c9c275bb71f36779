import { msToSamples } from '../../media/audio-format.js';

const KEPT = msToSamples(8_000);

/** What one connection brought lately: the last eight seconds at least. Places are counted from its first sample. */
export class RecentAudio {
  #samples = new Int16Array(msToSamples(1_000));
  #start = 0;
  #length = 0;

  /** The place of the oldest sample that is kept. */
  get start(): number {
    return this.#start;
  }

  /** The place after the newest sample: how many came in all. */
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

  /** What is kept from that place on; valid until the next `write`. */
  from(place: number): Int16Array {
    return this.#samples.subarray(Math.min(this.#length, Math.max(0, place - this.#start)), this.#length);
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
