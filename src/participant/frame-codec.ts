import { SampleViews } from '../../libs/audio/sample-views.js';

/** Track number and length of the samples in bytes, both 32 bit, then the samples: S16, all in the machine's own order. */
const HEADER_BYTES = 8;
/** A second; the child sends 20 ms at a time. */
const MOST_SAMPLES = 16_000;

/** One frame as it travels, in a buffer of its own. */
export function encodeFrame(track: number, samples: Int16Array): Buffer {
  const frame = Buffer.allocUnsafe(HEADER_BYTES + samples.byteLength);
  frame.writeUInt32LE(track, 0);
  frame.writeUInt32LE(samples.byteLength, 4);
  frame.set(new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength), HEADER_BYTES);
  return frame;
}

/** Puts frames together again, wherever the pipe has cut them. Allocates nothing. */
export class FrameReader {
  readonly #header = Buffer.alloc(HEADER_BYTES);
  readonly #samples = new SampleViews(new Int16Array(MOST_SAMPLES));
  readonly #bytes = new Uint8Array(this.#samples.all.buffer);
  /** Of the frame that is being read, its header included. */
  #got = 0;

  /** @param take gets the samples of a frame; the array is used again afterwards */
  constructor(private readonly take: (track: number, samples: Int16Array) => void) {}

  /** @throws RangeError when it is no frame that comes: then nothing that follows can be understood */
  read(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length) at += this.#got < HEADER_BYTES ? this.#readHeader(chunk, at) : this.#readBody(chunk, at);
  }

  #readHeader(chunk: Buffer, at: number): number {
    const copied = chunk.copy(this.#header, this.#got, at, at + HEADER_BYTES - this.#got);
    this.#got += copied;
    if (this.#got === HEADER_BYTES && this.#bodyBytes > this.#bytes.length) throw new RangeError('no frame');
    if (this.#got === HEADER_BYTES && this.#bodyBytes === 0) this.#got = 0;
    return copied;
  }

  #readBody(chunk: Buffer, at: number): number {
    const bodyBytes = this.#bodyBytes;
    const filled = this.#got - HEADER_BYTES;
    const copied = chunk.copy(this.#bytes, filled, at, at + bodyBytes - filled);
    this.#got += copied;
    if (this.#got < HEADER_BYTES + bodyBytes) return copied;
    this.#got = 0;
    this.take(this.#header.readUInt32LE(0), this.#samples.first(bodyBytes >> 1));
    return copied;
  }

  get #bodyBytes(): number {
    return this.#header.readUInt32LE(4);
  }
}
