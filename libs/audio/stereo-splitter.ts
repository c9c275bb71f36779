/** One sample of each channel. */
const FRAME_BYTES = 4;
const SAMPLE_BYTES = 2;
const NOTHING = new Uint8Array(0);

/**
 * Splits interleaved stereo S16LE into its channels, however it is cut into chunks: a sample frame that is cut in two is
 * completed by the next call. `left` and `right` are mono S16LE bytes, equal in length, overwritten by the next `split`.
 */
export class StereoSplitter {
  readonly #left: Uint8Array;
  readonly #right: Uint8Array;
  readonly #rest = new Uint8Array(FRAME_BYTES);
  #restBytes = 0;
  left: Uint8Array = NOTHING;
  right: Uint8Array = NOTHING;

  /** @param maxBytes the size of the largest chunk */
  constructor(maxBytes: number) {
    this.#left = new Uint8Array(maxBytes / 2 + SAMPLE_BYTES);
    this.#right = new Uint8Array(maxBytes / 2 + SAMPLE_BYTES);
  }

  split(bytes: Uint8Array): void {
    let at = 0;
    let frames = 0;
    if (this.#restBytes > 0) {
      while (this.#restBytes < FRAME_BYTES && at < bytes.length) this.#rest[this.#restBytes++] = bytes[at++]!;
      if (this.#restBytes === FRAME_BYTES) {
        this.#place(this.#rest, 0, frames++);
        this.#restBytes = 0;
      }
    }
    for (; at + FRAME_BYTES <= bytes.length; at += FRAME_BYTES) this.#place(bytes, at, frames++);
    while (at < bytes.length) this.#rest[this.#restBytes++] = bytes[at++]!;
    this.left = this.#first(this.#left, this.left, frames);
    this.right = this.#first(this.#right, this.right, frames);
  }

  #place(bytes: Uint8Array, at: number, frame: number): void {
    const to = frame * SAMPLE_BYTES;
    this.#left[to] = bytes[at]!;
    this.#left[to + 1] = bytes[at + 1]!;
    this.#right[to] = bytes[at + 2]!;
    this.#right[to + 1] = bytes[at + 3]!;
  }

  /** Chunks nearly always have the same length: the view of the last one is reused. */
  #first(all: Uint8Array, last: Uint8Array, frames: number): Uint8Array {
    const length = frames * SAMPLE_BYTES;
    return last.length === length && last.buffer === all.buffer ? last : all.subarray(0, length);
  }
}
