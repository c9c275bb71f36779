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
    for (let i = 0, to = at; i < kept.length; i++) {
      this.#samples[to] = kept[i] ?? 0;
      if (++to === this.capacity) to = 0;
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
    for (let i = 0, from = (this.#start + offset) % this.capacity; i < available; i++) {
      output[i] = this.#samples[from] ?? 0;
      if (++from === this.capacity) from = 0;
    }
    return available;
  }

  /** Forgets the oldest samples. Returns how many there were. */
  skip(samples: number): number {
    const skipped = Math.min(samples, this.#length);
    this.#start = (this.#start + skipped) % this.capacity;
    this.#length -= skipped;
    return skipped;
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
