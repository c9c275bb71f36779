import bufferutil from 'bufferutil';
import { FrameBuffer } from './frame-buffer.js';
import { OPCODE, UNKNOWN, frameBytes, headerBytes, isControl, isFinal, isProper, opcodeOf } from './frame-header.js';

/** What becomes of what a client sends, in its order. */
export interface FrameTaker {
  /** A binary message of one frame, unmasked; valid until this returns. */
  binary(payload: Buffer): void;
  /** Whole frames as they came, or all that comes once something is wrong; a copy that may be kept. */
  other(bytes: Buffer): void;
}

const FINAL_BINARY = 0x82;
const REFUSED = -1;
const LARGEST_HEADER_BYTES = 14;
const MASK = Buffer.alloc(4);

/**
 * Parts the bytes of a client into frames (RFC 6455, section 5) and takes out the one kind that sound comes in: a whole
 * binary message. It judges nothing: all others are for a full implementation, and from the first frame on that such a
 * one might refuse, everything is.
 */
export class FrameReader {
  /** A frame that has not all come. */
  #cut = new FrameBuffer(0);
  #cutBytes = 0;
  #inFragments = false;
  #givenUp = false;

  constructor(
    private readonly taker: FrameTaker,
    private readonly maxPayloadBytes: number,
  ) {}

  /** Takes what came next, the first `length` bytes of a buffer that is filled anew afterwards. */
  read(buffer: FrameBuffer, length: number): void {
    for (let at = this.#complete(buffer.bytes, length); at < length;) at = this.#next(buffer, at, length);
  }

  /** Goes on with the frame that was cut, and returns where the next one begins. */
  #complete(bytes: Buffer, length: number): number {
    for (let at = 0; ;) {
      const whole = this.#cutBytes === 0 ? UNKNOWN : this.#frameBytes(this.#cut.bytes, 0, this.#cutBytes);
      if (whole === REFUSED) this.#giveOver(this.#cut.bytes, 0, this.#cutBytes);
      else if (whole === this.#cutBytes && whole > 0) this.#hand(this.#cut, 0, whole);
      if (whole === REFUSED || whole === this.#cutBytes) this.#cutBytes = 0;
      if (this.#cutBytes === 0 || at === length) return at;
      const missing = whole === UNKNOWN ? 1 : whole - this.#cutBytes;
      at += this.#keep(bytes, at, Math.min(length, at + missing), whole);
    }
  }

  /** Takes what begins at `at`, and returns where it ends. */
  #next(buffer: FrameBuffer, at: number, length: number): number {
    const whole = this.#frameBytes(buffer.bytes, at, length);
    if (whole === REFUSED) this.#giveOver(buffer.bytes, at, length);
    else if (whole === UNKNOWN || at + whole > length) this.#keep(buffer.bytes, at, length, whole);
    else {
      this.#hand(buffer, at, whole);
      return at + whole;
    }
    return length;
  }

  /** REFUSED where a full implementation might refuse, and ever after. */
  #frameBytes(bytes: Buffer, at: number, end: number): number {
    if (this.#givenUp) return REFUSED;
    if (end - at < 2) return UNKNOWN;
    const whole = frameBytes(bytes, at, end);
    const isLarge = whole > headerBytes(bytes[at + 1]!) + this.maxPayloadBytes;
    this.#givenUp = isLarge || !isProper(bytes[at]!, bytes[at + 1]!, this.#inFragments);
    return this.#givenUp ? REFUSED : whole;
  }

  /** Adds to the frame that is cut, and returns how many bytes those were. */
  #keep(bytes: Buffer, at: number, end: number, whole: number): number {
    const needed = Math.max(whole, LARGEST_HEADER_BYTES);
    if (this.#cut.bytes.length < needed) {
      const larger = new FrameBuffer(needed);
      this.#cut.bytes.copy(larger.bytes, 0, 0, this.#cutBytes);
      this.#cut = larger;
    }
    bytes.copy(this.#cut.bytes, this.#cutBytes, at, end);
    this.#cutBytes += end - at;
    return end - at;
  }

  #hand(buffer: FrameBuffer, at: number, whole: number): void {
    const { bytes } = buffer;
    const first = bytes[at]!;
    if (first !== FINAL_BINARY) {
      this.#inFragments = isControl(opcodeOf(first)) ? this.#inFragments : !isFinal(first);
      this.#givenUp = opcodeOf(first) === OPCODE.close;
      this.taker.other(Buffer.from(bytes.subarray(at, at + whole)));
      return;
    }
    const header = headerBytes(bytes[at + 1]!);
    const payload = buffer.view(at + header, whole - header);
    for (let i = 0; i < MASK.length; i++) MASK[i] = bytes[at + header - MASK.length + i]!;
    bufferutil.unmask(payload, MASK);
    this.taker.binary(payload);
  }

  #giveOver(bytes: Buffer, at: number, end: number): void {
    this.taker.other(Buffer.from(bytes.subarray(at, end)));
  }
}
