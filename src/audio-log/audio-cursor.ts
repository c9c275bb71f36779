import type { AudioLog } from './audio-log.js';

/** Shared by all cursors: chunks nearly always have the same length, so this is rarely allocated. */
let chunk = new Int16Array(0);

/** A reader's position in an audio log. */
export class AudioCursor {
  #position: number;
  #mayHaveArrivedUntil = 0;

  constructor(
    private readonly log: AudioLog,
    position = 0,
    /** Called for audio that fell out of the log before it was read, with its positions. */
    private readonly onGap: (from: number, to: number) => void = () => undefined,
  ) {
    this.#position = position;
  }

  /** How many channels are interleaved in what is read. */
  get channels(): number {
    return this.log.channels;
  }

  /** The position of the next sample to be read. */
  get position(): number {
    return this.#position;
  }

  /** How many samples can be read before `limit`. First skips what fell out of the log. */
  available(limit = Infinity): number {
    const from = this.#position;
    const kept = Math.min(this.log.start, limit);
    if (from < kept) {
      this.#position = kept;
      const gapFrom = Math.max(from, this.#mayHaveArrivedUntil);
      if (gapFrom < kept) this.onGap(gapFrom, kept);
    }
    return Math.max(0, Math.min(this.log.end, limit) - this.#position);
  }

  /**
   * Reads the next samples and moves on.
   * @param samples at most what is available
   * @returns an array that is valid until the next read of any cursor
   */
  read(samples: number): Int16Array {
    const length = samples * this.log.channels;
    if (chunk.length !== length) chunk = new Int16Array(length);
    this.log.read(this.#position, chunk);
    this.#position += samples;
    return chunk;
  }

  /**
   * Goes back to an earlier position, to read it again.
   * @param mayHaveArrivedUntil what lies before is no gap if it falls out of the log meanwhile
   */
  rewind(position: number, mayHaveArrivedUntil = 0): void {
    this.#position = Math.min(this.#position, position);
    this.#mayHaveArrivedUntil = Math.max(this.#mayHaveArrivedUntil, mayHaveArrivedUntil);
  }
}
