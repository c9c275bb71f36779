import { expect, it } from '@jest/globals';
import { ElasticRing } from './elastic-ring.js';
import { babble } from './sound.spec-kit.js';

it('holds a quarter of a second, grows under a burst and shrinks again', () => {
  const ring = new ElasticRing();
  const burst = babble(5 * 16_000);
  expect(ring.capacity).toBe(4_000);
  expect(ring.write(burst)).toBe(0);
  expect(ring.capacity).toBeGreaterThanOrEqual(burst.length);
  ring.skip(burst.length - 1_000);
  expect(ring.capacity).toBe(4_000);
  const rest = new Int16Array(1_000);
  ring.peek(rest);
  expect(rest).toEqual(burst.subarray(burst.length - 1_000));
});

it('holds 30 s and returns how many samples were overwritten', () => {
  const ring = new ElasticRing();
  expect(ring.write(babble(20 * 16_000))).toBe(0);
  expect(ring.write(babble(20 * 16_000))).toBe(10 * 16_000);
  expect(ring.length).toBe(30 * 16_000);
});
