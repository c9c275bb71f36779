import bufferutil from 'bufferutil';
import { FrameBuffer } from './frame-buffer.js';
import { OPCODE, UNKNOWN, frameBytes, headerBytes, isAllowed, isControl, isFinal, opcodeOf } from './frame-header.js';

/** Takes what a client sends, in its order. */
export interface FrameHandlers {
  /** A binary message of one frame, unmasked; valid until this returns. */
  readonly binary: (payload: Buffer) => void;
  /** Any other frame as it arrived, or, from a protocol violation on, all bytes; a copy that may be kept. */
  readonly other: (bytes: Buffer) => void;
}

const FINAL_BINARY = 0x82;
/** Instead of a frame's length: it, and all that follows, is for a full implementation. */
const PASS_ON = -1;
const LARGEST_HEADER_BYTES = 14;
const MASK = Buffer.alloc(4);

/**
 * Splits the bytes of a client into frames (RFC 6455, section 5) and takes out one kind, in which audio arrives: binary
 * messages of one frame. It answers and refuses nothing: all other frames are for a full implementation, and so is
 * everything from the first frame that such an implementation might refuse.
 */
export class FrameReader {
  /** A frame of which a part is still to come. */
  #partial = new FrameBuffer(0);
  #partialBytes = 0;
  #inFragments = false;
  #passesAllOn = false;

  constructor(
    private readonly handlers: FrameHandlers,
    private readonly maxPayloadBytes: number,
  ) {}

  /** Takes the bytes that arrived next: the first `length` of a buffer that is filled again afterwards. */
  read(buffer: FrameBuffer, length: number): void {
    for (let at = this.#complete(buffer.bytes, length); at < length;) at = this.#next(buffer, at, length);
  }

  /** Continues the partial frame, and returns where the next one begins. */
  #complete(bytes: Buffer, length: number): number {
    for (let at = 0; ;) {
      const whole = this.#partialBytes === 0 ? UNKNOWN : this.#frameBytes(this.#partial.bytes, 0, this.#partialBytes);
      if (whole === PASS_ON) this.#passOn(this.#partial.bytes, 0, this.#partialBytes);
      else if (whole === this.#partialBytes && whole > 0) this.#dispatch(this.#partial, 0, whole);
      if (whole === PASS_ON || whole === this.#partialBytes) this.#partialBytes = 0;
      if (this.#partialBytes === 0 || at === length) return at;
      const missing = whole === UNKNOWN ? 1 : whole - this.#partialBytes;
      at += this.#append(bytes, at, Math.min(length, at + missing), whole);
    }
  }

  /** Takes the frame that begins at `at`, and returns where it ends. */
  #next(buffer: FrameBuffer, at: number, length: number): number {
    const whole = this.#frameBytes(buffer.bytes, at, length);
    if (whole === PASS_ON) this.#passOn(buffer.bytes, at, length);
    else if (whole === UNKNOWN || at + whole > length) this.#append(buffer.bytes, at, length, whole);
    else {
      this.#dispatch(buffer, at, whole);
      return at + whole;
    }
    return length;
  }

  /** PASS_ON from the first frame on that a full implementation might refuse. */
  #frameBytes(bytes: Buffer, at: number, end: number): number {
    if (this.#passesAllOn) return PASS_ON;
    if (end - at < 2) return UNKNOWN;
    const whole = frameBytes(bytes, at, end);
    const isLarge = whole > headerBytes(bytes[at + 1]!) + this.maxPayloadBytes;
    this.#passesAllOn = isLarge || !isAllowed(bytes[at]!, bytes[at + 1]!, this.#inFragments);
    return this.#passesAllOn ? PASS_ON : whole;
  }

  /** Adds bytes to the partial frame, and returns how many. */
  #append(bytes: Buffer, at: number, end: number, whole: number): number {
    const needed = Math.max(whole, LARGEST_HEADER_BYTES);
    if (this.#partial.bytes.length < needed) {
      const larger = new FrameBuffer(needed);
      this.#partial.bytes.copy(larger.bytes, 0, 0, this.#partialBytes);
      this.#partial = larger;
    }
    bytes.copy(this.#partial.bytes, this.#partialBytes, at, end);
    this.#partialBytes += end - at;
    return end - at;
  }

  #dispatch(buffer: FrameBuffer, at: number, whole: number): void {
    const { bytes } = buffer;
    const first = bytes[at]!;
    if (first !== FINAL_BINARY) {
      this.#inFragments = isControl(opcodeOf(first)) ? this.#inFragments : !isFinal(first);
      this.#passesAllOn = opcodeOf(first) === OPCODE.close;
      this.handlers.other(Buffer.from(bytes.subarray(at, at + whole)));
      return;
    }
    const header = headerBytes(bytes[at + 1]!);
    const payload = buffer.view(at + header, whole - header);
    for (let i = 0; i < MASK.length; i++) MASK[i] = bytes[at + header - MASK.length + i]!;
    bufferutil.unmask(payload, MASK);
    this.handlers.binary(payload);
  }

  #passOn(bytes: Buffer, at: number, end: number): void {
    this.handlers.other(Buffer.from(bytes.subarray(at, end)));
  }
}
