import { describe, expect, it } from '@jest/globals';
import { RateLimiter } from './rate-limiter.js';

const LIMIT = { burst: 3, perSecond: 2, maxKeys: 10 };

describe('RateLimiter', () => {
  it('allows a key so many at once, and so many more a second', () => {
    const limiter = new RateLimiter(LIMIT);
    const taken = (nowMs: number, times: number): number =>
      Array.from({ length: times }, () => limiter.tryAcquire('a', nowMs)).filter(Boolean).length;
    expect(taken(0, 10)).toBe(3);
    expect(taken(1_000, 10)).toBe(2);
    expect(taken(3_600_000, 10)).toBe(3);
  });

  it('holds nothing against another key', () => {
    const limiter = new RateLimiter(LIMIT);
    for (let n = 0; n < 10; n++) limiter.tryAcquire('a', 0);
    expect(limiter.tryAcquire('b', 0)).toBe(true);
  });

  it('remembers so many keys and forgets the one that was used longest ago', () => {
    const limiter = new RateLimiter(LIMIT);
    for (let n = 0; n < 10; n++) limiter.tryAcquire('guesser', 0);
    for (let n = 0; n < 100; n++) {
      limiter.tryAcquire(`one of many ${n}`, 0);
      expect(limiter.tryAcquire('guesser', 0)).toBe(false);
    }
    expect(limiter.keys).toBe(10);
  });
});
