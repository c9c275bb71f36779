import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { RequestLimits } from './request-limits.js';

describe('RequestLimits', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  const taken = (limits: RequestLimits, caller: string, reads: boolean): number =>
    Array.from({ length: 500 }, () => limits.tryAcquire(caller, reads)).filter(Boolean).length;

  it('lets each caller ask so often, and read less often', () => {
    const limits = new RequestLimits();
    expect(taken(limits, 'alice', false)).toBe(300);
    expect(taken(limits, 'bob', true)).toBe(50);
    jest.advanceTimersByTime(1_000);
    expect(taken(limits, 'alice', false)).toBe(60);
    expect(taken(limits, 'bob', true)).toBe(10);
  });
});
