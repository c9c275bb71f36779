import { describe, expect, it } from '@jest/globals';
import { RingBuffer } from './ring-buffer.js';

const count = (from: number, length: number): Int16Array => Int16Array.from({ length }, (_, i) => from + i);
const content = (ring: RingBuffer): number[] => {
  const samples = new Int16Array(ring.length);
  ring.peek(samples);
  return [...samples];
};

describe('RingBuffer', () => {
  it('returns samples in order across the wrap-around', () => {
    const ring = new RingBuffer(8);
    let next = 0;
    for (let round = 0; round < 20; round++) {
      expect(ring.write(count(round * 5, 5))).toBe(0);
      expect(content(ring)).toEqual([...count(next, 5)]);
      expect(ring.skip(5)).toBe(5);
      next += 5;
    }
    expect(ring.length).toBe(0);
  });

  it('overwrites the oldest samples and counts them', () => {
    const ring = new RingBuffer(8);
    ring.write(count(0, 6));
    expect(ring.write(count(6, 5))).toBe(3);
    expect(content(ring)).toEqual([3, 4, 5, 6, 7, 8, 9, 10]);
    expect(ring.write(count(11, 20))).toBe(20);
    expect(content(ring)).toEqual([...count(23, 8)]);
  });

  it('peeks and skips no more than it holds', () => {
    const ring = new RingBuffer(8);
    ring.write(count(1, 3));
    expect(ring.peek(new Int16Array(5))).toBe(3);
    const later = new Int16Array(5);
    expect(ring.peek(later, 2)).toBe(1);
    expect(later[0]).toBe(3);
    expect(ring.peek(later, 4)).toBe(0);
    expect(ring.skip(5)).toBe(3);
    expect(ring.skip(5)).toBe(0);
  });

  it('reads samples that were skipped last until they are overwritten', () => {
    const ring = new RingBuffer(8);
    const recalled = (samples: number): number[] => {
      const output = new Int16Array(samples);
      return [...output.subarray(samples - ring.peekPlayed(output))];
    };
    expect(recalled(3)).toEqual([]);
    ring.write(count(1, 7));
    ring.skip(5);
    expect(recalled(3)).toEqual([3, 4, 5]);
    expect(recalled(9)).toEqual([1, 2, 3, 4, 5]);
    ring.write(count(8, 4));
    expect(recalled(9)).toEqual([4, 5]);
    ring.skip(3);
    ring.resize(16);
    expect(recalled(9)).toEqual([4, 5, 6, 7, 8]);
    ring.resize(4);
    expect(recalled(9)).toEqual([8]);
    expect(content(ring)).toEqual([9, 10, 11]);
  });

  it('grows and shrinks around its content', () => {
    const ring = new RingBuffer(4);
    ring.write(count(0, 4));
    ring.skip(3);
    ring.write(count(4, 2));
    ring.resize(16);
    ring.write(count(6, 5));
    expect(content(ring)).toEqual([...count(3, 8)]);
    expect(() => ring.resize(7)).toThrow(RangeError);
    ring.resize(8);
    expect(content(ring)).toEqual([...count(3, 8)]);
  });
});
