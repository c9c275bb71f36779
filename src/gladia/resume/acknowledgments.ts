/** Of one channel. */
const BYTES_PER_SAMPLE = 2;

/** A server that acknowledges in more pieces than this is faulty; forgetting the oldest keeps memory bounded. */
const MAX_RANGES = 64;

/** Audio of the log that was sent without a hole. */
interface SentRun {
  position: number;
  samples: number;
}

interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * What was sent on one connection, and how much of it the server has acknowledged. Only the length of what is acknowledged
 * counts: the server's byte counter may continue, go back or restart on a reconnect, so its absolute numbers are
 * recorded but never compared with ours.
 */
export class Acknowledgments {
  /** Sent and not acknowledged, oldest first. */
  readonly #outstanding: SentRun[] = [];
  /** Acknowledged ranges of the server's counter, apart from each other. */
  #ranges: ByteRange[] = [];
  #acknowledgedBytes = 0;
  /** Of ranges that are no longer kept. */
  #droppedRangeBytes = 0;
  /** Samples that were removed from `#outstanding`. */
  #settledSamples = 0;
  /** How much of what the connection before this one sent may still be acknowledged here. */
  #previousBytes: number;
  #sentSamples = 0;
  /** The start of the range that this connection's audio starts with. */
  #firstByte: number | undefined;
  readonly #bytesPerSample: number;

  /**
   * @param channels samples of all channels at one moment count as one
   * @param outstandingBefore samples that the connection before this one sent, and that may be acknowledged here
   */
  constructor(channels = 1, outstandingBefore = 0) {
    this.#bytesPerSample = BYTES_PER_SAMPLE * channels;
    this.#previousBytes = outstandingBefore * this.#bytesPerSample;
  }

  get sentSamples(): number {
    return this.#sentSamples;
  }

  get outstandingSamples(): number {
    return this.#sentSamples - this.acknowledgedSamples;
  }

  get acknowledgedBytes(): number {
    return this.#acknowledgedBytes;
  }

  get acknowledgedSamples(): number {
    return Math.floor(this.#acknowledgedBytes / this.#bytesPerSample);
  }

  /**
   * The server's counter, in samples, when it received this connection's first sample, as far as is known. The first
   * acknowledgment need not be for the first audio, so a range that adjoins it from below corrects this.
   */
  get serverOffset(): number | undefined {
    return this.#firstByte === undefined ? undefined : Math.floor(this.#firstByte / this.#bytesPerSample);
  }

  /** The log position of the first sample that was sent here and may not have arrived. */
  get oldestOutstanding(): number | undefined {
    return this.#outstanding[0]?.position;
  }

  sent(position: number, samples: number): void {
    const last = this.#outstanding.at(-1);
    if (last !== undefined && last.position + last.samples === position) last.samples += samples;
    else this.#outstanding.push({ position, samples });
    this.#sentSamples += samples;
  }

  /**
   * Takes a byte range of the server, `end` excluded; an odd length means that it was included. Counts no byte twice, and
   * ignores a range longer than all that was sent: believing it would lose audio.
   * @returns how many bytes are new
   */
  acknowledge(start: number, end: number): number {
    const endExcluded = (end - start) % 2 === 1 ? end + 1 : end;
    const length = endExcluded - start;
    if (!Number.isSafeInteger(start) || !Number.isSafeInteger(length) || length <= 0 || start < 0) return 0;
    if (length > this.#sentSamples * this.#bytesPerSample) return 0;
    if (this.#addRange(start, endExcluded) === 0) return 0;
    const excessBytes = this.#rangeBytes - this.#sentSamples * this.#bytesPerSample;
    if (excessBytes > 0) this.#keepOwnRange(excessBytes, start);
    else this.#firstByte = this.#rangeStart(this.#firstByte ?? start);
    const before = this.#acknowledgedBytes;
    this.#acknowledgedBytes = Math.max(before, this.#rangeBytes);
    this.#settle();
    return this.#acknowledgedBytes - before;
  }

  /**
   * More is acknowledged than was sent here, so a part was sent by the connection before. The range around the newest byte
   * is ours: as much of its end as was sent.
   */
  #keepOwnRange(excessBytes: number, newestByte: number): void {
    const newest = this.#ranges.filter((range) => range.start <= newestByte && newestByte < range.end);
    this.#ranges = newest.map(({ start, end }) => ({
      start: Math.max(start, end - this.#sentSamples * this.#bytesPerSample),
      end,
    }));
    this.#firstByte = this.#ranges[0]?.start;
    this.#previousBytes = Math.max(0, this.#previousBytes - excessBytes);
  }

  get #rangeBytes(): number {
    return this.#ranges.reduce((sum, range) => sum + range.end - range.start, this.#droppedRangeBytes);
  }

  /** Merges a range into those that are known. Returns how many bytes are new. */
  #addRange(start: number, end: number): number {
    const apart = this.#ranges.filter((range) => range.end < start || range.start > end);
    const touching = this.#ranges.filter((range) => range.end >= start && range.start <= end);
    const merged = {
      start: Math.min(start, ...touching.map((range) => range.start)),
      end: Math.max(end, ...touching.map((range) => range.end)),
    };
    const ranges = [...apart, merged];
    for (const { start: from, end: to } of ranges.slice(0, -MAX_RANGES)) this.#droppedRangeBytes += to - from;
    this.#ranges = ranges.slice(-MAX_RANGES);
    return merged.end - merged.start - touching.reduce((sum, range) => sum + range.end - range.start, 0);
  }

  /** The start of the range that holds this byte. */
  #rangeStart(byte: number): number {
    return this.#ranges.find((range) => range.start <= byte && byte < range.end)?.start ?? byte;
  }

  /**
   * Removes from the outstanding audio, oldest first, as much as was acknowledged; but not as much as may have been
   * acknowledged of the connection before this one: that is sent again if need be.
   */
  #settle(): void {
    const settled = Math.max(0, Math.floor((this.#acknowledgedBytes - this.#previousBytes) / this.#bytesPerSample));
    for (let left = settled - this.#settledSamples; left > 0;) {
      const oldest = this.#outstanding[0];
      if (oldest === undefined) return;
      const samples = Math.min(left, oldest.samples);
      oldest.position += samples;
      oldest.samples -= samples;
      left -= samples;
      this.#settledSamples += samples;
      if (oldest.samples === 0) this.#outstanding.shift();
    }
  }
}
