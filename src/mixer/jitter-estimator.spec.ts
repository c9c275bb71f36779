import { expect, it } from '@jest/globals';
import { WindowedMinimum } from './jitter-estimator.js';

it('keeps the lowest value for one to two windows', () => {
  const water = new WindowedMinimum(3);
  for (const value of [5, 2, 7]) water.observe(value);
  expect([water.value, water.settled]).toEqual([2, false]);
  for (const value of [9, 8, 9]) water.observe(value);
  expect([water.value, water.settled]).toEqual([2, true]);
  water.observe(9);
  expect(water.value).toBe(8);
});

it('shifts with the observed level', () => {
  const water = new WindowedMinimum(2);
  for (const value of [5, 6, 7]) water.observe(value);
  water.shift(-3);
  expect(water.value).toBe(2);
  water.reset();
  expect([water.value, water.settled]).toEqual([Infinity, false]);
});
