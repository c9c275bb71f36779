/** Frames that are read as they arrive begin near the front, mostly at the same places. */
const CACHED_VIEWS_BYTES = 16 * 1024;

/** A buffer that keeps the views made of it, so that frames which recur at the same place do not allocate one each. */
export class FrameBuffer {
  readonly bytes: Buffer;
  readonly #views: (Buffer | undefined)[] = [];

  constructor(sizeBytes: number) {
    this.bytes = Buffer.allocUnsafeSlow(sizeBytes);
  }

  /** Valid until the buffer is filled again. */
  view(start: number, length: number): Buffer {
    const known = this.#views[start];
    if (known?.length === length) return known;
    const view = this.bytes.subarray(start, start + length);
    if (start < CACHED_VIEWS_BYTES) this.#views[start] = view;
    return view;
  }
}
