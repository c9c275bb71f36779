import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Injectable } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { Interval } from './interval.js';
import { IntervalModule } from './interval.module.js';

@Injectable()
class Clock {
  ticks = 0;

  @Interval(1_000)
  tick(): void {
    this.ticks += 1;
  }

  get broken(): never {
    throw new Error('a getter is never read');
  }
}

describe('Interval', () => {
  afterEach(() => {
    jest.useRealTimers();
  });

  it('runs from the start of the application until it shuts down', async () => {
    const module = await Test.createTestingModule({ imports: [IntervalModule], providers: [Clock] }).compile();
    jest.useFakeTimers();
    await module.init();
    const clock = module.get(Clock);
    jest.advanceTimersByTime(2_500);
    expect(clock.ticks).toBe(2);
    await module.close();
    jest.advanceTimersByTime(10_000);
    expect(clock.ticks).toBe(2);
    expect(jest.getTimerCount()).toBe(0);
  });
});
