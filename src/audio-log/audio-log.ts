import { msToSamples } from '../media/audio-format.js';
import { SpillFile, UnreadSpill, type AudioSpill } from './audio-spill.js';

/**
 * The audio of one stream, as far back as memory (and disk, where it spills) reaches. Append only. Positions count samples
 * since the stream's start, so they stay valid when old audio falls out. Several channels are interleaved; their
 * samples of one moment count as one position.
 */
export class AudioLog {
  readonly #ring: Int16Array;
  #end = 0;

  constructor(
    private readonly capacitySamples: number,
    readonly channels = 1,
    /** Gets audio that falls out of memory before it was read. */
    private readonly spill?: AudioSpill,
  ) {
    this.#ring = new Int16Array(capacitySamples * channels);
  }

  /** The position after the last sample that was written. */
  get end(): number {
    return this.#end;
  }

  /** The position of the oldest sample that is still here. */
  get start(): number {
    const start = this.#memoryStart(this.#end);
    return this.spill === undefined ? start : this.spill.startOf(start);
  }

  /** Appends, and drops the oldest. Allocates nothing but views, unless audio is spilled. */
  write(samples: Int16Array): void {
    if (this.spill !== undefined) this.#spillBefore(this.#memoryStart(this.#end + samples.length / this.channels));
    const kept = samples.length > this.#ring.length ? samples.subarray(-this.#ring.length) : samples;
    const at = (this.#end * this.channels + samples.length - kept.length) % this.#ring.length;
    const untilWrap = this.#ring.length - at;
    if (kept.length <= untilWrap) {
      this.#ring.set(kept, at);
    } else {
      this.#ring.set(kept.subarray(0, untilWrap), at);
      this.#ring.set(kept.subarray(untilWrap), 0);
    }
    this.#end += samples.length / this.channels;
  }

  /**
   * Copies the samples from `position` on into `into`.
   * @throws RangeError when a part of them is not here: check `start` and `end` first
   */
  read(position: number, into: Int16Array): void {
    if (position < this.start || position + into.length / this.channels > this.#end)
      throw new RangeError('not in the audio log');
    const onDisk = Math.max(0, this.#memoryStart(this.#end) - position) * this.channels;
    if (onDisk > 0) this.spill?.read(position, into.subarray(0, onDisk));
    if (onDisk === 0) this.#readMemory(position, into);
    else if (onDisk < into.length) this.#readMemory(position + onDisk / this.channels, into.subarray(onDisk));
  }

  /** Nothing will be read any more. */
  close(): void {
    this.spill?.close();
  }

  #readMemory(position: number, into: Int16Array): void {
    const at = (position * this.channels) % this.#ring.length;
    const first = this.#ring.subarray(at, at + into.length);
    into.set(first, 0);
    if (first.length < into.length) into.set(this.#ring.subarray(0, into.length - first.length), first.length);
  }

  /** The oldest position in memory when the log ends at `end`. */
  #memoryStart(end: number): number {
    return Math.max(0, end - this.capacitySamples);
  }

  /** Writes what is about to fall out of memory to disk. */
  #spillBefore(position: number): void {
    const from = this.#memoryStart(this.#end);
    const until = Math.min(position, this.#end);
    if (until <= from || this.spill?.wants(until) !== true) return;
    const spilled = new Int16Array((until - from) * this.channels);
    this.#readMemory(from, spilled);
    this.spill.append(from, spilled);
  }
}

interface AudioLogSize {
  /** Seconds that are kept in memory. */
  readonly audioLogS: number;
  /** Seconds that are kept on disk beyond that; 0 or unset: none. */
  readonly spillS?: number | undefined;
  readonly spillDirectory?: string | undefined;
}

/** A log in memory, with a spill file where the settings say so. `unread` is the first position still to be read. */
export function openAudioLog(size: AudioLogSize, channels: number, unread: () => number): AudioLog {
  const { audioLogS, spillS = 0, spillDirectory } = size;
  const capacitySamples = msToSamples(audioLogS * 1000);
  if (spillS === 0 || spillDirectory === undefined) return new AudioLog(capacitySamples, channels);
  const file = new SpillFile(spillDirectory, msToSamples(spillS * 1000), channels);
  return new AudioLog(capacitySamples, channels, new UnreadSpill(file, unread));
}
