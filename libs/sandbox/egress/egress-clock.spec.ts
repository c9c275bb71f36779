import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { EgressClock } from './egress-clock.js';

describe('the clock of an egress', () => {
  /** For so long nothing ran, in all. */
  let stoodStillMs: number;
  let ticks: number;
  let clock: EgressClock;

  beforeEach(() => {
    jest.useFakeTimers();
    stoodStillMs = ticks = 0;
    clock = new EgressClock(
      () => (ticks += 1),
      () => Date.now() + stoodStillMs,
    );
    clock.start();
  });
  afterEach(() => {
    clock.stop();
    jest.useRealTimers();
  });

  it('ticks every 10 ms until it is stopped', () => {
    jest.advanceTimersByTime(1_000);
    expect(ticks).toBe(100);
    clock.stop();
    jest.advanceTimersByTime(1_000);
    expect(ticks).toBe(100);
  });

  it('makes up for what it missed', () => {
    jest.advanceTimersByTime(100);
    stoodStillMs += 300;
    jest.advanceTimersByTime(10);
    expect(ticks).toBe(41);
  });

  it('makes up for nothing before its first tick: that would be read from the time to come', () => {
    stoodStillMs += 300;
    jest.advanceTimersByTime(10);
    expect(ticks).toBe(1);
    jest.advanceTimersByTime(100);
    expect(ticks).toBe(11);
  });
});
