import { describe, expect, it } from '@jest/globals';
import { bestShift, splice } from './splice.js';
import { tone } from './tone.spec-kit.js';

describe('a splice', () => {
  it.each([
    [40, 320],
    [-40, -160],
  ])('finds whole periods between %i and %i, so that a tone goes on as if nothing was', (nearest, farthest) => {
    const samples = tone(250, 16_000, 700, 0.5);
    const shift = bestShift(samples, nearest, farthest, 320);
    expect(Math.abs(shift) % 64).toBe(0);
    const output = new Int16Array(320);
    splice(samples, shift, output);
    expect(output).toEqual(samples.subarray(0, 320));
  });

  it('joins without an edge what does not fit', () => {
    const samples = tone(150, 16_000, 700, 0.5);
    for (const shift of [320, 50, -50, -160]) {
      const output = new Int16Array(320);
      splice(samples, shift, output);
      const joined = Int16Array.from([...output, ...samples.subarray(320 + shift, 380 + shift)]);
      const steps = joined.slice(1).map((sample, i) => Math.abs(sample - joined[i]!));
      expect(Math.max(...steps)).toBeLessThan(1_300);
      expect(output[0]).toBeCloseTo(samples[0]!, -2);
      expect(output[319]).toBe(samples[319 + shift]);
    }
  });
});
