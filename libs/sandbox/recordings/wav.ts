/** Sound in a RIFF/WAVE file: interleaved S16 samples. */
export interface Wav {
  readonly sampleRateHz: number;
  readonly channels: number;
  readonly samples: Int16Array;
}

/** What the `fmt ` chunk says. `formatTag`: 1 PCM, 6 A-law, 7 µ-law. */
export interface WavFormat {
  readonly formatTag: number;
  readonly channels: number;
  readonly sampleRateHz: number;
  readonly bitDepth: number;
}

const headerBytes = 44;

/** A file with one `fmt ` and one `data` chunk around `data`, which is in the given format already. */
export function wrapWav(format: WavFormat, data: Uint8Array): Buffer {
  const bytesPerFrame = (format.channels * format.bitDepth) / 8;
  const header = Buffer.alloc(headerBytes);
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(headerBytes - 8 + data.length, 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(format.formatTag, 20);
  header.writeUInt16LE(format.channels, 22);
  header.writeUInt32LE(format.sampleRateHz, 24);
  header.writeUInt32LE(format.sampleRateHz * bytesPerFrame, 28);
  header.writeUInt16LE(bytesPerFrame, 32);
  header.writeUInt16LE(format.bitDepth, 34);
  header.write('data', 36, 'latin1');
  header.writeUInt32LE(data.length, 40);
  return Buffer.concat([header, data]);
}

/** An S16 PCM file. */
export function writeWav({ sampleRateHz, channels, samples }: Wav): Buffer {
  const data = Buffer.alloc(samples.length * 2);
  samples.forEach((sample, i) => data.writeInt16LE(sample, i * 2));
  return wrapWav({ formatTag: 1, channels, sampleRateHz, bitDepth: 16 }, data);
}

/** Reads S16 PCM; other encodings, and files without a `fmt ` before the `data`, throw. */
export function readWav(bytes: Uint8Array): Wav {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (file.toString('latin1', 0, 4) !== 'RIFF' || file.toString('latin1', 8, 12) !== 'WAVE')
    throw new Error('not a WAV');
  let format: { channels: number; sampleRateHz: number } | undefined;
  for (const { id, body } of chunks(file)) {
    if (id === 'fmt ') format = readFormat(body);
    if (id === 'data' && format) return { ...format, samples: toSamples(body) };
  }
  throw new Error('WAV without fmt or data');
}

function* chunks(file: Buffer): Generator<{ id: string; body: Buffer }> {
  for (let at = 12; at + 8 <= file.length;) {
    const size = file.readUInt32LE(at + 4);
    yield { id: file.toString('latin1', at, at + 4), body: file.subarray(at + 8, at + 8 + size) };
    at += 8 + size + (size % 2);
  }
}

function readFormat(body: Buffer): { channels: number; sampleRateHz: number } {
  if (body.readUInt16LE(0) !== 1 || body.readUInt16LE(14) !== 16) throw new Error('WAV is not S16 PCM');
  return { channels: body.readUInt16LE(2), sampleRateHz: body.readUInt32LE(4) };
}

function toSamples(body: Buffer): Int16Array {
  return Int16Array.from({ length: body.length >> 1 }, (_, i) => body.readInt16LE(i * 2));
}
