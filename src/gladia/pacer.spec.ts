import { describe, expect, it } from '@jest/globals';
import { Pacer } from './pacer.js';

describe('Pacer', () => {
  it('lets out a second at once, then four times real time', () => {
    const pacer = new Pacer(0);
    let sent = 0;
    for (let now = 0; now <= 10_000; now += 20) {
      const samples = pacer.allowance(now);
      pacer.spend(samples);
      sent += samples;
    }
    expect(sent).toBe(16_000 + 4 * 160_000);
  });

  it('saves no allowance up', () => {
    const pacer = new Pacer(0);
    expect(pacer.allowance(60_000)).toBe(16_000);
  });

  it('knows how long a backlog takes', () => {
    expect(Pacer.drainMs(160_000)).toBe(2_500);
  });
});
