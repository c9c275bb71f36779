import type { Chunk } from './acknowledger.js';
import type { AudioFormat } from './audio-format.js';
import type { GladiaSandboxOptions } from './options.js';
import { wrapWav } from '../recordings/wav.js';

/** Counts and keeps the audio of one session. */
export class AudioIntake {
  readonly #kept: Buffer[] = [];
  #keptBytes = 0;
  #counter = 0;

  constructor(
    readonly format: AudioFormat,
    private readonly options: GladiaSandboxOptions,
  ) {}

  get keptBytes(): number {
    return this.#keptBytes;
  }

  get durationSeconds(): number {
    return this.#keptBytes / this.format.bytesPerSecond;
  }

  /** A socket opened: the counter goes on from where the options say. */
  resume(): void {
    if (this.options.resumeOffset === 'acked') this.#counter = this.#keptBytes;
    if (this.options.resumeOffset === 'reset') this.#counter = 0;
  }

  /** Counts a chunk; undefined when it is not made of whole frames. A WAV header before the first one is skipped. */
  receive(frame: Buffer): Chunk | undefined {
    const bytes = this.#counter === 0 && frame.toString('latin1', 0, 4) === 'RIFF' ? frame.subarray(44) : frame;
    if (bytes.length % this.format.bytesPerFrame !== 0) return undefined;
    const start = this.#counter;
    this.#counter += bytes.length;
    return { bytes, start, end: this.#counter };
  }

  keep(bytes: Buffer): void {
    this.#kept.push(bytes);
    this.#keptBytes += bytes.length;
  }

  /** Exactly what was kept, as a file. */
  toWav(): Buffer {
    const { wavTag: formatTag, channels, sampleRateHz, bitDepth } = this.format;
    return wrapWav({ formatTag, channels, sampleRateHz, bitDepth }, Buffer.concat(this.#kept));
  }
}
