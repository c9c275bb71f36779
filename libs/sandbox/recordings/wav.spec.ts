import { describe, expect, it } from '@jest/globals';
import { readWav, writeWav } from './wav.js';

describe('wav', () => {
  const samples = Int16Array.of(0, 1, -1, 32767, -32768, 12345);

  it('reads back what it wrote', () => {
    expect(readWav(writeWav({ sampleRateHz: 16_000, channels: 2, samples }))).toEqual({
      sampleRateHz: 16_000,
      channels: 2,
      samples,
    });
  });

  it('skips chunks it does not know', () => {
    const file = writeWav({ sampleRateHz: 8_000, channels: 1, samples });
    const list = Buffer.from('LIST\x03\0\0\0abc\0', 'latin1');
    expect(readWav(Buffer.concat([file.subarray(0, 36), list, file.subarray(36)])).samples).toEqual(samples);
  });

  it('refuses what is no S16 WAV', () => {
    const eightBit = writeWav({ sampleRateHz: 8_000, channels: 1, samples });
    eightBit.writeUInt16LE(8, 34);
    expect(() => readWav(Buffer.alloc(64))).toThrow('not a WAV');
    expect(() => readWav(eightBit)).toThrow('not S16');
  });
});
