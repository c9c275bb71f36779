/**
 * A ring buffer of samples. When it is full, new samples overwrite the oldest. Samples that were skipped can still be read
 * with `peekPlayed` until they are overwritten.
 */
export class RingBuffer {
  #samples: Int16Array;
  #start = 0;
  #length = 0;
  #playedSamples = 0;

  constructor(capacitySamples: number) {
    this.#samples = new Int16Array(capacitySamples);
  }

  get length(): number {
    return this.#length;
  }

  get capacity(): number {
    return this.#samples.length;
  }

  /** Appends all samples. Returns how many of the oldest were overwritten. */
  write(samples: Int16Array): number {
    const dropped = Math.max(0, this.#length + samples.length - this.capacity);
    const kept = samples.length > this.capacity ? samples.subarray(samples.length - this.capacity) : samples;
    this.skip(Math.min(dropped, this.#length));
    const at = (this.#start + this.#length) % this.capacity;
    const untilWrap = this.capacity - at;
    if (kept.length <= untilWrap) this.#samples.set(kept, at);
    else {
      this.#samples.set(kept.subarray(0, untilWrap), at);
      this.#samples.set(kept.subarray(untilWrap), 0);
    }
    this.#length += kept.length;
    this.#playedSamples = Math.min(this.#playedSamples, this.capacity - this.#length);
    return dropped;
  }

  /**
   * Copies the oldest samples, less the first `offset`, to `output` without removing them.
   * Returns how many were copied: at most the length of `output`.
   */
  peek(output: Int16Array, offset = 0): number {
    const available = Math.max(0, Math.min(output.length, this.#length - offset));
    this.#copy(this.#start + offset, available, output, 0);
    return available;
  }

  /** Copies the samples skipped last to the end of `output`, as many as fit and are kept. Returns how many. */
  peekPlayed(output: Int16Array): number {
    const copied = Math.min(output.length, this.#playedSamples);
    this.#copy(this.#start - copied + this.capacity, copied, output, output.length - copied);
    return copied;
  }

  /** Removes the oldest samples. Returns how many there were. */
  skip(samples: number): number {
    const skipped = Math.min(samples, this.#length);
    this.#start = (this.#start + skipped) % this.capacity;
    this.#length -= skipped;
    this.#playedSamples = Math.min(this.#playedSamples + skipped, this.capacity - this.#length);
    return skipped;
  }

  /** The largest magnitude of `count` samples that begin `back` samples before the end; 0 where there are none. */
  peak(back: number, count: number): number {
    let peak = 0;
    for (let i = Math.max(0, back - this.#length); i < Math.min(count, back); i++) {
      peak = Math.max(peak, Math.abs(this.#samples[this.#atBack(back - i)]!));
    }
    return peak;
  }

  /** Scales in place `count` samples that begin `back` samples before the end, as far as they are in the buffer. */
  scale(back: number, count: number, gain: (at: number, count: number) => number): void {
    for (let i = Math.max(0, back - this.#length); i < Math.min(count, back); i++) {
      const at = this.#atBack(back - i);
      this.#samples[at] = Math.round(this.#samples[at]! * gain(i, count));
    }
  }

  #atBack(back: number): number {
    return (this.#start + this.#length - back) % this.capacity;
  }

  /** Changes the capacity. @throws RangeError when the samples do not fit */
  resize(capacitySamples: number): void {
    if (capacitySamples < this.#length) throw new RangeError(`${this.#length} samples do not fit`);
    const copied = Math.min(this.#playedSamples, capacitySamples - this.#length);
    const resized = new Int16Array(capacitySamples);
    this.#copy(this.#start - copied + this.capacity, copied + this.#length, resized, 0);
    this.#samples = resized;
    this.#start = this.#playedSamples = copied;
  }

  /** `subarray` allocates a view, yet is several times as fast as a loop. */
  #copy(start: number, count: number, output: Int16Array, at: number): void {
    const from = start % this.capacity;
    const untilWrap = Math.min(count, this.capacity - from);
    output.set(this.#samples.subarray(from, from + untilWrap), at);
    if (untilWrap < count) output.set(this.#samples.subarray(0, count - untilWrap), at + untilWrap);
  }
}
