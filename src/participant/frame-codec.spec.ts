import { describe, expect, it } from '@jest/globals';
import { encodeFrame, FrameReader } from './frame-codec.js';

const frame = (from: number, samples: number): Int16Array => Int16Array.from({ length: samples }, (_, i) => from + i);

describe('the audio frames between the child and the service', () => {
  const sent = [
    [1, frame(-5, 320)],
    [4_000_000_000, frame(100, 1)],
    [2, frame(0, 0)],
    [3, frame(7, 2000)],
  ] as const;
  const bytes = Buffer.concat(sent.map(([track, samples]) => encodeFrame(track, samples)));
  const read = (pieces: readonly Buffer[]): [number, Int16Array][] => {
    const got: [number, Int16Array][] = [];
    const reader = new FrameReader((track, samples) => got.push([track, samples.slice()]));
    for (const piece of pieces) reader.read(piece);
    return got;
  };
  const filled = sent.filter(([, samples]) => samples.length > 0);

  it.each([1, 3, 7, 8, 64, 651, 100_000])('is read wherever the pipe cuts it: every %i bytes', (size) => {
    const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
      bytes.subarray(i * size, (i + 1) * size),
    );
    expect(read(pieces)).toEqual(filled);
  });

  it('reads samples at an odd address', () => {
    const shifted = Buffer.alloc(bytes.length + 1);
    bytes.copy(shifted, 1);
    expect(read([shifted.subarray(1)])).toEqual(filled);
  });

  it('refuses what is no frame', () => {
    expect(() => read([Buffer.alloc(64, 0xff)])).toThrow(RangeError);
  });
});
