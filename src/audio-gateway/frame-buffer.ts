/** So much of a buffer recurs: frames that are read as they come begin near its front. */
const RECURRING_BYTES = 16 * 1024;

/** Bytes of which the same pieces are looked at again and again: a view is made once, not for each frame. */
export class FrameBuffer {
  readonly bytes: Buffer;
  readonly #views: (Buffer | undefined)[] = [];

  constructor(sizeBytes: number) {
    this.bytes = Buffer.allocUnsafeSlow(sizeBytes);
  }

  /** Valid until the buffer is filled anew. */
  view(start: number, length: number): Buffer {
    const known = this.#views[start];
    if (known?.length === length) return known;
    const view = this.bytes.subarray(start, start + length);
    if (start < RECURRING_BYTES) this.#views[start] = view;
    return view;
  }
}
