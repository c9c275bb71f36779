import { describe, expect, it } from '@jest/globals';
import { codeOfPower, powerOfCode } from './power-encoding.js';

describe('the code of a power', () => {
  it('keeps every power to a hundredth of a decibel', () => {
    for (let dbfs = -149; dbfs <= 0; dbfs += 0.37) {
      const kept = 10 * Math.log10(powerOfCode(codeOfPower(10 ** (dbfs / 10))));
      expect(Math.abs(kept - dbfs)).toBeLessThan(0.0051);
    }
  });

  it('tells silence from the faintest sound, and has an end above', () => {
    expect(powerOfCode(codeOfPower(0))).toBe(0);
    expect(powerOfCode(codeOfPower(1e-30))).toBeGreaterThan(0);
    expect(powerOfCode(codeOfPower(4))).toBe(1);
    expect(codeOfPower(4)).toBeLessThan(2 ** 14);
  });
});
