import { expect, it } from '@jest/globals';
import { meanPower, powerOfDbfs } from './level.js';

it('is 1 for full scale and 0 for nothing', () => {
  expect(meanPower(new Int16Array(320).fill(-32_768))).toBe(1);
  expect(meanPower(new Int16Array(320))).toBe(0);
  expect(meanPower(new Int16Array(0))).toBe(0);
});

it('counts every sample of an odd length', () => {
  const samples = Int16Array.of(100, -200, 300);
  expect(meanPower(samples) * 32_768 ** 2 * 3).toBeCloseTo(140_000, 6);
});

it('counts in decibels below full scale', () => {
  expect(meanPower(new Int16Array(320).fill(3_276))).toBeCloseTo(powerOfDbfs(-20), 4);
});
