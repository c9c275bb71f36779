import type { SessionRequest } from './session-request.js';

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
