const INSTANT_BYTES = 4;
const SAMPLE_BYTES = 2;
const NOTHING = new Uint8Array(0);

/**
 * Takes interleaved stereo S16LE apart, whatever the pieces in which it comes: an instant that is cut in two is completed
 * by the next call. `left` and `right` are mono S16LE bytes, equal in length and overwritten by the next `split`.
 */
export class StereoSplitter {
  readonly #left: Uint8Array;
  readonly #right: Uint8Array;
  readonly #cut = new Uint8Array(INSTANT_BYTES);
  #cutBytes = 0;
  left: Uint8Array = NOTHING;
  right: Uint8Array = NOTHING;

  /** @param maxBytes of the largest piece */
  constructor(maxBytes: number) {
    this.#left = new Uint8Array(maxBytes / 2 + SAMPLE_BYTES);
    this.#right = new Uint8Array(maxBytes / 2 + SAMPLE_BYTES);
  }

  split(bytes: Uint8Array): void {
    let at = 0;
    let instants = 0;
    if (this.#cutBytes > 0) {
      while (this.#cutBytes < INSTANT_BYTES && at < bytes.length) this.#cut[this.#cutBytes++] = bytes[at++]!;
      if (this.#cutBytes === INSTANT_BYTES) {
        this.#place(this.#cut, 0, instants++);
        this.#cutBytes = 0;
      }
    }
    for (; at + INSTANT_BYTES <= bytes.length; at += INSTANT_BYTES) this.#place(bytes, at, instants++);
    while (at < bytes.length) this.#cut[this.#cutBytes++] = bytes[at++]!;
    this.left = this.#first(this.#left, this.left, instants);
    this.right = this.#first(this.#right, this.right, instants);
  }

  #place(bytes: Uint8Array, at: number, instant: number): void {
    const to = instant * SAMPLE_BYTES;
    this.#left[to] = bytes[at]!;
    this.#left[to + 1] = bytes[at + 1]!;
    this.#right[to] = bytes[at + 2]!;
    this.#right[to + 1] = bytes[at + 3]!;
  }

  /** Frames are nearly always of one length, so the view of the last one serves again. */
  #first(all: Uint8Array, last: Uint8Array, instants: number): Uint8Array {
    const length = instants * SAMPLE_BYTES;
    return last.length === length && last.buffer === all.buffer ? last : all.subarray(0, length);
  }
}
