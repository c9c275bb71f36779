import { wrapWav } from '../recordings/wav.js';
import type { Chunk } from './acknowledger.js';
import type { GladiaSandboxOptions } from './options.js';
import type { SessionRequest } from './session-request.js';

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

/** Reads the bytes of a session's audio. */
export interface AudioFormat {
  readonly channels: number;
  readonly sampleRateHz: number;
  readonly bytesPerFrame: number;
  readonly bytesPerSecond: number;
  readonly bitDepth: number;
  /** `fmt ` tag of a WAV in this format. */
  readonly wavTag: number;
  /** One channel of interleaved audio as 16 bit samples. */
  readonly channel: (bytes: Buffer, index: number) => Int16Array;
}

type ReadSample = (bytes: Buffer, at: number) => number;

const pcm: Record<number, ReadSample> = {
  8: (bytes, at) => (bytes.readUInt8(at) - 128) << 8,
  16: (bytes, at) => bytes.readInt16LE(at),
  24: (bytes, at) => bytes.readIntLE(at, 3) >> 8,
  32: (bytes, at) => bytes.readInt32LE(at) >> 16,
};

const muLaw: ReadSample = (bytes, at) => {
  const code = ~bytes.readUInt8(at);
  const magnitude = ((((code & 0x0f) << 3) + 0x84) << ((code & 0x70) >> 4)) - 0x84;
  return code & 0x80 ? -magnitude : magnitude;
};

const aLaw: ReadSample = (bytes, at) => {
  const code = bytes.readUInt8(at) ^ 0x55;
  const segment = (code & 0x70) >> 4;
  const step = ((code & 0x0f) << 4) + 8;
  const magnitude = segment === 0 ? step : (step + 0x100) << (segment - 1);
  return code & 0x80 ? magnitude : -magnitude;
};

export function audioFormat(request: SessionRequest): AudioFormat {
  const { encoding, channels, sample_rate: sampleRateHz, bit_depth: bitDepth } = request;
  const bytesPerSample = bitDepth / 8;
  const bytesPerFrame = channels * bytesPerSample;
  const linear = pcm[bitDepth] ?? muLaw;
  const read = { 'wav/pcm': linear, 'wav/ulaw': muLaw, 'wav/alaw': aLaw }[encoding];
  return {
    channels,
    sampleRateHz,
    bytesPerFrame,
    bytesPerSecond: bytesPerFrame * sampleRateHz,
    bitDepth,
    wavTag: { 'wav/pcm': 1, 'wav/alaw': 6, 'wav/ulaw': 7 }[encoding],
    channel: (bytes, index) =>
      Int16Array.from({ length: bytes.length / bytesPerFrame }, (_, frame) =>
        read(bytes, frame * bytesPerFrame + index * bytesPerSample),
      ),
  };
}
