import { describe, expect, it } from '@jest/globals';
import { encodePower, decodePower } from './track-history.js';

describe('the encoding of power', () => {
  it('keeps every power to a hundredth of a decibel', () => {
    for (let dbfs = -149; dbfs <= 0; dbfs += 0.37) {
      const kept = 10 * Math.log10(decodePower(encodePower(10 ** (dbfs / 10))));
      expect(Math.abs(kept - dbfs)).toBeLessThan(0.0051);
    }
  });

  it('keeps silence apart from the faintest sound, and is limited to full scale', () => {
    expect(decodePower(encodePower(0))).toBe(0);
    expect(decodePower(encodePower(1e-30))).toBeGreaterThan(0);
    expect(decodePower(encodePower(4))).toBe(1);
    expect(encodePower(4)).toBeLessThan(2 ** 14);
  });
});
