import { SampleViews } from '../../libs/audio/sample-views.js';

/** The header: track number and length of the samples in bytes, 32 bit each. The samples follow, S16 in native byte order. */
const HEADER_BYTES = 8;
/** One second; the child sends 20 ms at a time. */
const MAX_SAMPLES = 16_000;

/** One frame with its header, in a new buffer. */
export function encodeFrame(track: number, samples: Int16Array): Buffer {
  const frame = Buffer.allocUnsafe(HEADER_BYTES + samples.byteLength);
  frame.writeUInt32LE(track, 0);
  frame.writeUInt32LE(samples.byteLength, 4);
  frame.set(new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength), HEADER_BYTES);
  return frame;
}

/** Reassembles frames from the chunks of the pipe, wherever they are cut. Allocates nothing. */
export class FrameReader {
  readonly #header = Buffer.alloc(HEADER_BYTES);
  readonly #samples = new SampleViews(new Int16Array(MAX_SAMPLES));
  readonly #bytes = new Uint8Array(this.#samples.all.buffer);
  /** Bytes read of the current frame, including its header. */
  #bytesRead = 0;

  /** @param onFrame gets the samples of a frame, in an array that is reused afterwards */
  constructor(private readonly onFrame: (track: number, samples: Int16Array) => void) {}

  /** @throws RangeError when the header is malformed: then nothing that follows can be read */
  read(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length)
      at += this.#bytesRead < HEADER_BYTES ? this.#readHeader(chunk, at) : this.#readBody(chunk, at);
  }

  #readHeader(chunk: Buffer, at: number): number {
    const copied = chunk.copy(this.#header, this.#bytesRead, at, at + HEADER_BYTES - this.#bytesRead);
    this.#bytesRead += copied;
    if (this.#bytesRead === HEADER_BYTES && this.#bodyBytes > this.#bytes.length) throw new RangeError('no frame');
    if (this.#bytesRead === HEADER_BYTES && this.#bodyBytes === 0) this.#bytesRead = 0;
    return copied;
  }

  #readBody(chunk: Buffer, at: number): number {
    const bodyBytes = this.#bodyBytes;
    const filled = this.#bytesRead - HEADER_BYTES;
    const copied = chunk.copy(this.#bytes, filled, at, at + bodyBytes - filled);
    this.#bytesRead += copied;
    if (this.#bytesRead < HEADER_BYTES + bodyBytes) return copied;
    this.#bytesRead = 0;
    this.onFrame(this.#header.readUInt32LE(0), this.#samples.first(bodyBytes >> 1));
    return copied;
  }

  get #bodyBytes(): number {
    return this.#header.readUInt32LE(4);
  }
}
