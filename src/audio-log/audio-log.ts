/** Takes what memory has no room for. Never throws. */
export interface LogSpill {
  /** Whether what lies before this position is still to be read by anybody. */
  wants(until: number): boolean;
  append(position: number, samples: Int16Array): void;
  /** The first position that is kept, where all is kept from there to `until`; else `until`. */
  startOf(until: number): number;
  read(position: number, into: Int16Array): void;
  /** Idempotent. */
  close(): void;
}

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
    /** Where sound goes that nobody has read yet, when it falls out of memory. */
    private readonly spill?: LogSpill,
  ) {
    this.#ring = new Int16Array(capacitySamples * channels);
  }

  /** How many samples were ever written. */
  get end(): number {
    return this.#end;
  }

  /** The oldest sample that is still here. */
  get start(): number {
    const start = this.#inMemoryFrom(this.#end);
    return this.spill === undefined ? start : this.spill.startOf(start);
  }

  /** Appends, and lets the oldest fall out. Allocates nothing but views. */
  write(samples: Int16Array): void {
    if (this.spill !== undefined) this.#spillBefore(this.#inMemoryFrom(this.#end + samples.length / this.channels));
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
    const onDisk = Math.max(0, this.#inMemoryFrom(this.#end) - position) * this.channels;
    if (onDisk > 0) this.spill?.read(position, into.subarray(0, onDisk));
    if (onDisk === 0) this.#readMemory(position, into);
    else if (onDisk < into.length) this.#readMemory(position + onDisk / this.channels, into.subarray(onDisk));
  }

  /** Nothing is read any more. */
  close(): void {
    this.spill?.close();
  }

  #readMemory(position: number, into: Int16Array): void {
    const at = (position * this.channels) % this.#ring.length;
    const first = this.#ring.subarray(at, at + into.length);
    into.set(first, 0);
    if (first.length < into.length) into.set(this.#ring.subarray(0, into.length - first.length), first.length);
  }

  #inMemoryFrom(end: number): number {
    return Math.max(0, end - this.capacitySamples);
  }

  /** What is about to fall out of memory goes to disk. */
  #spillBefore(position: number): void {
    const from = this.#inMemoryFrom(this.#end);
    const until = Math.min(position, this.#end);
    if (until <= from || this.spill?.wants(until) !== true) return;
    const falling = new Int16Array((until - from) * this.channels);
    this.#readMemory(from, falling);
    this.spill.append(from, falling);
  }
}
