import { describe, expect, it } from '@jest/globals';
import { readAt } from './fractional-delay.js';
import { decibels, meanSquare, tone } from './tone.spec-kit.js';

const AMPLITUDE = 16_000;
const samples = (hz: number): Int16Array => tone(hz, 16_000, 500, AMPLITUDE / 32_767);

describe('readAt', () => {
  it.each([100, 1_000, 3_500, 7_000])('interpolates a tone of %i Hz with an error below -60 dB', (hz) => {
    for (const place of [100.5, 100 + 1 / 512, 99.9]) {
      const output = new Float64Array(320);
      readAt(samples(hz), place, 320, output);
      const error = output.map((found, i) => found - AMPLITUDE * Math.sin((2 * Math.PI * hz * (place + i)) / 16_000));
      expect(decibels(meanSquare(error) / (AMPLITUDE ** 2 / 2))).toBeLessThanOrEqual(-60);
    }
  });

  it('copies samples from a whole position', () => {
    const output = new Float64Array(320);
    readAt(samples(440), 100, 50, output);
    expect([...output.subarray(0, 50)]).toEqual([...samples(440).subarray(100, 150)]);
    expect(output.subarray(50).every((sample) => sample === 0)).toBe(true);
  });
});
