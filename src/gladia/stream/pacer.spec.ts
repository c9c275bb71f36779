import { describe, expect, it } from '@jest/globals';
import { Pacer } from './pacer.js';

describe('Pacer', () => {
  it('allows at most four times real time in any second, and nearly as much', () => {
    const pacer = new Pacer(0);
    const sent: number[] = [];
    for (let now = 0; now <= 10_000; now += 20) {
      const samples = pacer.allowance(now);
      pacer.spend(samples);
      sent.push(samples);
    }
    const seconds = sent.map((_, at) => sent.slice(at, at + 50).reduce((sum, samples) => sum + samples, 0));
    expect(Math.max(...seconds)).toBeLessThanOrEqual(4 * 16_000);
    expect(sent.reduce((sum, samples) => sum + samples, 0)).toBeGreaterThan(3.7 * 160_000);
  });

  it('does not accumulate allowance', () => {
    const pacer = new Pacer(0);
    expect(pacer.allowance(60_000)).toBe(4_000);
  });

  it('knows how long a backlog takes', () => {
    expect(Pacer.drainMs(150_000)).toBe(2_500);
  });
});
