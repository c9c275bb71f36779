import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { Metrics } from '../metrics/metrics.js';
import { Overload } from './overload.port.js';

const overloadAt = (percent = 70, metrics = new Metrics()): Overload =>
  new Overload({ loopShare: percent / 100 }, metrics);

describe('Overload', () => {
  beforeEach(() => {
    for (const level of ['log', 'warn'] as const)
      jest.spyOn(Logger.prototype, level).mockImplementation(() => undefined);
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('begins at 70 % by default, and passes only well below that', () => {
    const overload = overloadAt();
    overload.observe(0.69, 600_000);
    expect(overload.overloaded).toBe(false);
    overload.observe(0.71, 600_000);
    expect(overload.overloaded).toBe(true);
    overload.observe(0.6, 600_000);
    expect(overload.overloaded).toBe(true);
    overload.observe(0.59, 600_000);
    expect(overload.overloaded).toBe(false);
  });

  it('takes no notice of a burst', () => {
    const overload = overloadAt(70);
    for (let ms = 0; ms < 60_000; ms += 10_000) {
      overload.observe(1, 2_000);
      overload.observe(0.2, 8_000);
      expect(overload.overloaded).toBe(false);
    }
    overload.observe(1, 7_000);
    expect(overload.overloaded).toBe(true);
  });

  it('comes to the same however often it looks', () => {
    const [often, seldom] = [overloadAt(), overloadAt()];
    for (let n = 0; n < 100; n++) often.observe(0.8, 100);
    seldom.observe(0.8, 10_000);
    expect(often.percent).toBe(seldom.percent);
  });

  it('never is where the setting is 0', () => {
    const overload = overloadAt(0);
    overload.observe(1, 600_000);
    expect(overload.overloaded).toBe(false);
  });

  it('measures the loop that it runs in, and shows it', async () => {
    const metrics = new Metrics();
    const overload = overloadAt(5, metrics);
    overload.onApplicationBootstrap();
    while (!overload.overloaded) {
      for (const endMs = performance.now() + 50; performance.now() < endMs;);
      overload.measure();
    }
    expect(overload.percent).toBeGreaterThanOrEqual(5);
    expect(await metrics.registry.metrics()).toContain('roomscribe_overloaded 1');
  });
});
