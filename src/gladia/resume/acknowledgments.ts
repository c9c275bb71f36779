/** Of one channel. */
const BYTES_PER_SAMPLE = 2;

interface Stretch {
  position: number;
  samples: number;
}

/**
 * What was sent on one socket and what of it the server says it has. Counts only what this socket sent: the server's own
 * counter may go on, go back or restart on a resume, so its first number is only learnt, never compared.
 */
export class Acknowledgments {
  /** Sent and not acknowledged, oldest first; what was sent without a hole is one stretch. */
  readonly #waiting: Stretch[] = [];
  /** Byte ranges of the server that were counted, apart and in order. */
  #counted: { start: number; end: number }[] = [];
  #bytes = 0;
  /** Of ranges that were counted and are no longer kept. */
  #bytesForgotten = 0;
  #forgottenSamples = 0;
  /** So much may yet be acknowledged that the socket before sent. */
  #foreignBytes: number;
  #sentSamples = 0;
  /** Where the counted range begins that this socket's sound begins with. */
  #firstByte: number | undefined;
  readonly #bytesPerSample: number;

  /**
   * @param channels whose samples of one moment count as one
   * @param outstandingBefore samples that the socket before sent, and that may be acknowledged here
   */
  constructor(channels = 1, outstandingBefore = 0) {
    this.#bytesPerSample = BYTES_PER_SAMPLE * channels;
    this.#foreignBytes = outstandingBefore * this.#bytesPerSample;
  }

  get sentSamples(): number {
    return this.#sentSamples;
  }

  get outstandingSamples(): number {
    return this.#sentSamples - this.acknowledgedSamples;
  }

  get acknowledgedBytes(): number {
    return this.#bytes;
  }

  get acknowledgedSamples(): number {
    return Math.floor(this.#bytes / this.#bytesPerSample);
  }

  /**
   * The server's count, in samples, when this socket's first sample came, as far as is known: the first acknowledgment to
   * come need not be that of the first sound, so what joins it from below corrects it.
   */
  get serverOffset(): number | undefined {
    return this.#firstByte === undefined ? undefined : Math.floor(this.#firstByte / this.#bytesPerSample);
  }

  /** The first sample of the log that was sent here and may not have arrived. */
  get oldestOutstanding(): number | undefined {
    return this.#waiting[0]?.position;
  }

  sent(position: number, samples: number): void {
    const last = this.#waiting.at(-1);
    if (last !== undefined && last.position + last.samples === position) last.samples += samples;
    else this.#waiting.push({ position, samples });
    this.#sentSamples += samples;
  }

  /**
   * Takes a byte range of the server, end excluded; an odd length tells that the end was included. Counts no byte
   * twice, and ignores a range that is longer than what was sent: to believe it would lose sound.
   * Returns how many bytes are new.
   */
  acknowledge(start: number, end: number): number {
    const endExcluded = (end - start) % 2 === 1 ? end + 1 : end;
    const length = endExcluded - start;
    if (!Number.isSafeInteger(start) || !Number.isSafeInteger(length) || length <= 0 || start < 0) return 0;
    if (length > this.#sentSamples * this.#bytesPerSample) return 0;
    if (this.#count(start, endExcluded) === 0) return 0;
    const foreignBytes = this.#countedBytes - this.#sentSamples * this.#bytesPerSample;
    if (foreignBytes > 0) this.#disown(foreignBytes, start);
    else this.#firstByte = this.#beginOf(this.#firstByte ?? start);
    const before = this.#bytes;
    this.#bytes = Math.max(before, this.#countedBytes);
    this.#forget();
    return this.#bytes - before;
  }

  /**
   * More is acknowledged than was sent: some of it was sent by the socket before. What joins the newest range is ours, as
   * much of it as was sent, counted from its end.
   */
  #disown(foreignBytes: number, newestByte: number): void {
    const newest = this.#counted.filter((range) => range.start <= newestByte && newestByte < range.end);
    this.#counted = newest.map(({ start, end }) => ({
      start: Math.max(start, end - this.#sentSamples * this.#bytesPerSample),
      end,
    }));
    this.#firstByte = this.#counted[0]?.start;
    this.#foreignBytes = Math.max(0, this.#foreignBytes - foreignBytes);
  }

  get #countedBytes(): number {
    return this.#counted.reduce((sum, range) => sum + range.end - range.start, this.#bytesForgotten);
  }

  /** Adds a range to those counted and returns by how many bytes they grew. */
  #count(start: number, end: number): number {
    const apart = this.#counted.filter((range) => range.end < start || range.start > end);
    const touching = this.#counted.filter((range) => range.end >= start && range.start <= end);
    const merged = {
      start: Math.min(start, ...touching.map((range) => range.start)),
      end: Math.max(end, ...touching.map((range) => range.end)),
    };
    const ranges = [...apart, merged];
    for (const { start: from, end: to } of ranges.slice(0, -MOST_RANGES)) this.#bytesForgotten += to - from;
    this.#counted = ranges.slice(-MOST_RANGES);
    return merged.end - merged.start - touching.reduce((sum, range) => sum + range.end - range.start, 0);
  }

  /** The begin of the counted range that a byte is in. */
  #beginOf(byte: number): number {
    return this.#counted.find((range) => range.start <= byte && byte < range.end)?.start ?? byte;
  }

  /** What may have been acknowledged in place of ours stays, to be sent again if need be. */
  #forget(): void {
    const acknowledged = Math.max(0, Math.floor((this.#bytes - this.#foreignBytes) / this.#bytesPerSample));
    for (let left = acknowledged - this.#forgottenSamples; left > 0;) {
      const oldest = this.#waiting[0];
      if (oldest === undefined) return;
      const taken = Math.min(left, oldest.samples);
      oldest.position += taken;
      oldest.samples -= taken;
      left -= taken;
      this.#forgottenSamples += taken;
      if (oldest.samples === 0) this.#waiting.shift();
    }
  }
}

/** A server that acknowledges in so many pieces is at fault; forgetting the oldest keeps the memory bounded. */
const MOST_RANGES = 64;
