/** The newest samples of a stream, addressed by their place since its start. */
export class History {
  readonly #buffer: Float32Array;
  #base = 0;
  #used = 0;

  /** Keeps at least `samples`. */
  constructor(private readonly samples: number) {
    this.#buffer = new Float32Array(samples * 2);
  }

  /** The place of the oldest sample that is kept. */
  get start(): number {
    return this.#base;
  }

  /** How many samples were ever written. */
  get end(): number {
    return this.#base + this.#used;
  }

  write(block: Float32Array): void {
    if (this.#used + block.length > this.#buffer.length) this.#forgetOldest();
    this.#buffer.set(block, this.#used);
    this.#used += block.length;
  }

  /** Samples `start` to `end`, a view that the next write invalidates; undefined when they are not all there. */
  span(start: number, end: number): Float32Array | undefined {
    if (start < this.#base || end > this.end) return undefined;
    return this.#buffer.subarray(start - this.#base, end - this.#base);
  }

  #forgetOldest(): void {
    const dropped = this.#used - this.samples;
    this.#buffer.copyWithin(0, dropped, this.#used);
    this.#base += dropped;
    this.#used = this.samples;
  }
}
