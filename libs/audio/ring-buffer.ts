/** Samples in the order in which they came. Bounded: what does not fit pushes out the oldest. */
export class RingBuffer {
  #samples: Int16Array;
  #start = 0;
  #length = 0;

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
    return dropped;
  }

  /**
   * Copies the oldest samples, or those after the oldest `offset`, to `output`, as many as it holds, and leaves them here.
   * Returns how many there were.
   */
  peek(output: Int16Array, offset = 0): number {
    const available = Math.max(0, Math.min(output.length, this.#length - offset));
    const from = (this.#start + offset) % this.capacity;
    const untilWrap = Math.min(available, this.capacity - from);
    for (let i = 0; i < untilWrap; i++) output[i] = this.#samples[from + i]!;
    for (let i = untilWrap; i < available; i++) output[i] = this.#samples[i - untilWrap]!;
    return available;
  }

  /** Forgets the oldest samples. Returns how many there were. */
  skip(samples: number): number {
    const skipped = Math.min(samples, this.#length);
    this.#start = (this.#start + skipped) % this.capacity;
    this.#length -= skipped;
    return skipped;
  }

  /** The largest magnitude among `count` samples, of which the first lies `back` before the end; 0 where there is none. */
  loudest(back: number, count: number): number {
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
    const resized = new Int16Array(capacitySamples);
    this.peek(resized);
    this.#samples = resized;
    this.#start = 0;
  }
}
