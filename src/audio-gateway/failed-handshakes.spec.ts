import { describe, expect, it } from '@jest/globals';
import { FailedHandshakes } from './failed-handshakes.js';

const LIMITS = { atOnce: 3, perSecond: 2, addresses: 10 };

describe('FailedHandshakes', () => {
  it('allows an address so many at once, and so many more a second', () => {
    const failed = new FailedHandshakes(LIMITS);
    const answered = (nowMs: number, times: number): number =>
      Array.from({ length: times }, () => failed.count('a', nowMs)).filter(Boolean).length;
    expect(answered(0, 10)).toBe(3);
    expect(answered(1_000, 10)).toBe(2);
    expect(answered(3_600_000, 10)).toBe(3);
  });

  it('holds nothing against another address', () => {
    const failed = new FailedHandshakes(LIMITS);
    for (let n = 0; n < 10; n++) failed.count('a', 0);
    expect(failed.count('b', 0)).toBe(true);
  });

  it('remembers so many addresses and forgets the quietest first', () => {
    const failed = new FailedHandshakes(LIMITS);
    for (let n = 0; n < 10; n++) failed.count('guesser', 0);
    for (let n = 0; n < 100; n++) {
      failed.count(`one of many ${n}`, 0);
      expect(failed.count('guesser', 0)).toBe(false);
    }
    expect(failed.addresses).toBe(10);
  });
});
