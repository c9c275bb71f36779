/**
 * The mixed stream of one session, as far back as memory is allowed for it. Append only; positions are samples since
 * the stream's start, so they stay right when old sound falls out. Of several channels, the samples lie interleaved, and
 * a position counts what all of them said at a moment as one.
 */
export class AudioLog {
  readonly #ring: Int16Array;
  #end = 0;

  constructor(
    private readonly capacitySamples: number,
    readonly channels = 1,
  ) {
    this.#ring = new Int16Array(capacitySamples * channels);
  }

  /** How many samples were ever written. */
  get end(): number {
    return this.#end;
  }

  /** The oldest sample that is still here. */
  get start(): number {
    return Math.max(0, this.#end - this.capacitySamples);
  }

  /** Appends, and lets the oldest fall out. Allocates nothing but views. */
  write(samples: Int16Array): void {
    const kept = samples.length > this.#ring.length ? samples.subarray(-this.#ring.length) : samples;
    const at = (this.#end * this.channels + samples.length - kept.length) % this.#ring.length;
    const untilWrap = this.#ring.length - at;
    if (kept.length <= untilWrap) {
      this.#ring.set(kept, at);
    } else {
      this.#ring.set(kept.subarray(0, untilWrap), at);
      this.#ring.set(kept.subarray(untilWrap), 0);
    }
    this.#end += samples.length / this.channels;
  }

  /**
   * Copies the samples from `position` on into `into`.
   * @throws RangeError when part of them is not here: ask `start` and `end` first.
   */
  read(position: number, into: Int16Array): void {
    if (position < this.start || position + into.length / this.channels > this.#end)
      throw new RangeError('not in the audio log');
    const at = (position * this.channels) % this.#ring.length;
    const first = this.#ring.subarray(at, at + into.length);
    into.set(first, 0);
    if (first.length < into.length) into.set(this.#ring.subarray(0, into.length - first.length), first.length);
  }
}
