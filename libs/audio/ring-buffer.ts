/**
 * Samples in the order in which they came. Bounded: what does not fit pushes out the oldest. What was skipped last can be
 * recalled until it is overwritten.
 */
export class RingBuffer {
  #samples: Int16Array;
  #start = 0;
  #length = 0;
  #recallable = 0;

  constructor(capacitySamples: number) {
    this.#samples = new Int16Array(capacitySamples);
  }

  get length(): number {
    return this.#length;
  }

  get capacity(): number {
    return this.#samples.length;
  }

  /** Appends all of `samples`. Returns how many of the oldest were lost for it. */
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
    this.#recallable = Math.min(this.#recallable, this.capacity - this.#length);
    return dropped;
  }

  /**
   * Copies the oldest samples, or those after the oldest `offset`, to `output`, as many as it holds, and leaves them here.
   * Returns how many there were.
   */
  peek(output: Int16Array, offset = 0): number {
    const available = Math.max(0, Math.min(output.length, this.#length - offset));
    this.#copy(this.#start + offset, available, output, 0);
    return available;
  }

  /** Copies what was skipped last to the end of `output`, as much as it holds. Returns how many samples there were. */
  peekPlayed(output: Int16Array): number {
    const recalled = Math.min(output.length, this.#recallable);
    this.#copy(this.#start - recalled + this.capacity, recalled, output, output.length - recalled);
    return recalled;
  }

  /** Forgets the oldest samples. Returns how many there were. */
  skip(samples: number): number {
    const skipped = Math.min(samples, this.#length);
    this.#start = (this.#start + skipped) % this.capacity;
    this.#length -= skipped;
    this.#recallable = Math.min(this.#recallable + skipped, this.capacity - this.#length);
    return skipped;
  }

  /** The largest magnitude among `count` samples, of which the first lies `back` before the end; 0 where there is none. */
  peak(back: number, count: number): number {
    let loudest = 0;
    for (let i = Math.max(0, back - this.#length); i < Math.min(count, back); i++) {
      loudest = Math.max(loudest, Math.abs(this.#samples[this.#atBack(back - i)]!));
    }
    return loudest;
  }

  /** Scales `count` samples in their place, of which the first lies `back` before the end, as far as they are here. */
  scale(back: number, count: number, gain: (at: number, count: number) => number): void {
    for (let i = Math.max(0, back - this.#length); i < Math.min(count, back); i++) {
      const at = this.#atBack(back - i);
      this.#samples[at] = Math.round(this.#samples[at]! * gain(i, count));
    }
  }

  #atBack(back: number): number {
    return (this.#start + this.#length - back) % this.capacity;
  }

  /** Gives it another capacity, which must hold what is inside. */
  resize(capacitySamples: number): void {
    if (capacitySamples < this.#length) throw new RangeError(`${this.#length} samples do not fit`);
    const recalled = Math.min(this.#recallable, capacitySamples - this.#length);
    const resized = new Int16Array(capacitySamples);
    this.#copy(this.#start - recalled + this.capacity, recalled + this.#length, resized, 0);
    this.#samples = resized;
    this.#start = this.#recallable = recalled;
  }

  /** A view is an allocation, yet several times as fast as a loop. */
  #copy(start: number, count: number, output: Int16Array, at: number): void {
    const from = start % this.capacity;
    const untilWrap = Math.min(count, this.capacity - from);
    output.set(this.#samples.subarray(from, from + untilWrap), at);
    if (untilWrap < count) output.set(this.#samples.subarray(0, count - untilWrap), at + untilWrap);
  }
}
