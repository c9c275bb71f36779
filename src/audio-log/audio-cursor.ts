import type { AudioLog } from './audio-log.js';

/** What was taken last, by any cursor: chunks are of one length nearly always. */
let chunk = new Int16Array(0);

/** Where a reader of the log is. */
export class AudioCursor {
  #position: number;
  #mayHaveArrivedUntil = 0;

  constructor(
    private readonly log: AudioLog,
    position = 0,
    /** Told what fell out of the log before it was read, in samples. */
    private readonly onGap: (from: number, to: number) => void = () => undefined,
  ) {
    this.#position = position;
  }

  /** How many channels lie interleaved in what is taken. */
  get channels(): number {
    return this.log.channels;
  }

  /** The next sample to be read. */
  get position(): number {
    return this.#position;
  }

  /** How many samples are left to read before `limit`. First steps over what fell out. */
  available(limit = Infinity): number {
    const from = this.#position;
    const kept = Math.min(this.log.start, limit);
    if (from < kept) {
      this.#position = kept;
      const lostFrom = Math.max(from, this.#mayHaveArrivedUntil);
      if (lostFrom < kept) this.onGap(lostFrom, kept);
    }
    return Math.max(0, Math.min(this.log.end, limit) - this.#position);
  }

  /** Reads on. `samples` is at most what is available. What comes back is valid until the next call, on any cursor. */
  take(samples: number): Int16Array {
    const length = samples * this.log.channels;
    if (chunk.length !== length) chunk = new Int16Array(length);
    this.log.read(this.#position, chunk);
    this.#position += samples;
    return chunk;
  }

  /**
   * Goes back to an earlier sample, to read it once more.
   * @param mayHaveArrivedUntil what lies before is no gap if it falls out of the log meanwhile
   */
  rewind(position: number, mayHaveArrivedUntil = 0): void {
    this.#position = Math.min(this.#position, position);
    this.#mayHaveArrivedUntil = Math.max(this.#mayHaveArrivedUntil, mayHaveArrivedUntil);
  }
}
