import { randomUUID } from 'node:crypto';
import { closeSync, ftruncateSync, mkdirSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { errorKind } from '../logging/error-kind.js';

const BYTES_PER_SAMPLE = 2;

/** Takes audio that falls out of the log's memory. Positions are those of the log. Never throws. */
export interface AudioSpill {
  /** Whether audio before this position is still to be read. */
  wants(until: number): boolean;
  append(position: number, samples: Int16Array): void;
  /** The first position from which everything up to `until` is kept; `until` where nothing is. */
  startOf(until: number): number;
  read(position: number, into: Int16Array): void;
  /** Idempotent. */
  close(): void;
}

/** Spills only audio that has not been read yet, to a file. From the first disk error on it does without the disk. */
export class UnreadSpill implements AudioSpill {
  readonly #logger = new Logger('AudioLog');
  #hasFailed = false;

  constructor(
    private readonly file: SpillFile,
    /** The first position that is still to be read. */
    private readonly unread: () => number,
  ) {}

  wants(until: number): boolean {
    return !this.#hasFailed && until > this.unread();
  }

  append(position: number, samples: Int16Array): void {
    this.#attempt(() => this.file.append(position, samples));
  }

  startOf(until: number): number {
    return this.#hasFailed ? until : this.file.startOf(until);
  }

  /** What cannot be read from disk is silence, so that the times of all that follows stay right. */
  read(position: number, into: Int16Array): void {
    into.fill(0);
    this.#attempt(() => this.file.read(position, into));
  }

  close(): void {
    this.#attempt(() => this.file.close());
    this.#hasFailed = true;
  }

  #attempt(operation: () => void): void {
    if (this.#hasFailed) return;
    try {
      operation();
    } catch (error) {
      this.#hasFailed = true;
      this.#logger.error(`audio cannot be kept on disk: ${errorKind(error)}; set AUDIO_LOG_DIR to a place with room`);
    }
  }
}

/**
 * A ring of audio on disk, created when the first audio is written. The file is unlinked as soon as it is open, so it is
 * gone with the process however that ends.
 * @throws the errors of the file system
 */
export class SpillFile {
  #file: number | undefined;
  #from = 0;
  #to = 0;

  constructor(
    private readonly directory: string,
    /** Samples of all channels at one moment count as one. */
    private readonly capacitySamples: number,
    private readonly channels: number,
  ) {}

  /** The first position from which everything up to `until` is here; `until` where nothing is. */
  startOf(until: number): number {
    return this.#to === until ? this.#from : until;
  }

  /** Appends audio at a position. Audio before it that does not adjoin it is dropped. */
  append(position: number, samples: Int16Array): void {
    const file = (this.#file ??= this.#open());
    if (position !== this.#to) this.#from = position;
    this.#forEachPiece(position, samples, (bytes, at) => writeSync(file, bytes, 0, bytes.length, at));
    this.#to = position + samples.length / this.channels;
    this.#from = Math.max(this.#from, this.#to - this.capacitySamples);
  }

  /** @throws RangeError when it is not here */
  read(position: number, into: Int16Array): void {
    const file = this.#file;
    if (file === undefined || position < this.#from) throw new RangeError('not on disk');
    this.#forEachPiece(position, into, (bytes, at) => readSync(file, bytes, 0, bytes.length, at));
  }

  /** Idempotent. */
  close(): void {
    if (this.#file === undefined) return;
    ftruncateSync(this.#file);
    closeSync(this.#file);
    this.#file = undefined;
    this.#from = this.#to;
  }

  #open(): number {
    mkdirSync(this.directory, { recursive: true, mode: 0o700 });
    const path = join(this.directory, `${randomUUID()}.pcm`);
    const file = openSync(path, 'wx+', 0o600);
    unlinkSync(path);
    return file;
  }

  /** One piece, or two where the samples wrap around the end of the ring. */
  #forEachPiece(position: number, samples: Int16Array, transfer: (bytes: Uint8Array, at: number) => void): void {
    const size = this.channels * BYTES_PER_SAMPLE;
    const bytes = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
    const at = (position % this.capacitySamples) * size;
    const untilWrap = this.capacitySamples * size - at;
    transfer(bytes.subarray(0, untilWrap), at);
    if (bytes.length > untilWrap) transfer(bytes.subarray(untilWrap), 0);
  }
}
