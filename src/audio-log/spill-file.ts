import { closeSync, ftruncateSync, mkdirSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';

const BYTES_PER_SAMPLE = 2;

/**
 * Sound on disk that memory had no more room for, as a ring. The file has no name from the moment it is open, so that it is
 * gone with the process, whatever ends that. Made with the first sound that is written to it.
 * @throws what the disk throws: without it sound is lost, and that is for the caller to say
 */
export class SpillFile {
  #file: number | undefined;
  #from = 0;
  #to = 0;

  constructor(
    private readonly directory: string,
    /** In samples, each of all channels. */
    private readonly capacitySamples: number,
    private readonly channels: number,
  ) {}

  /** The first position that is here, where what is here goes on to `until` without a hole; else `until`. */
  startOf(until: number): number {
    return this.#to === until ? this.#from : until;
  }

  /** Appends what lies at a position. What was here before and does not touch it is forgotten. */
  append(position: number, samples: Int16Array): void {
    const file = (this.#file ??= this.#open());
    if (position !== this.#to) this.#from = position;
    this.#eachPiece(position, samples, (bytes, at) => writeSync(file, bytes, 0, bytes.length, at));
    this.#to = position + samples.length / this.channels;
    this.#from = Math.max(this.#from, this.#to - this.capacitySamples);
  }

  read(position: number, into: Int16Array): void {
    const file = this.#file;
    if (file === undefined || position < this.#from) throw new RangeError('not on disk');
    this.#eachPiece(position, into, (bytes, at) => readSync(file, bytes, 0, bytes.length, at));
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

  /** The ring's end may lie within what is asked for. */
  #eachPiece(position: number, samples: Int16Array, move: (bytes: Uint8Array, at: number) => void): void {
    const size = this.channels * BYTES_PER_SAMPLE;
    const bytes = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
    const at = (position % this.capacitySamples) * size;
    const untilWrap = this.capacitySamples * size - at;
    move(bytes.subarray(0, untilWrap), at);
    if (bytes.length > untilWrap) move(bytes.subarray(untilWrap), 0);
  }
}
