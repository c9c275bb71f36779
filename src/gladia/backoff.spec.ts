import { describe, expect, it } from '@jest/globals';
import { Backoff } from './backoff.js';
import { Pacer } from './pacer.js';

describe('Backoff', () => {
  it('doubles up to its cap, jitters fully, and begins anew only when told', () => {
    const ceilings = new Backoff({ baseMs: 100, capMs: 500 }, () => 1);
    expect([1, 2, 3, 4, 5].map(() => ceilings.nextMs())).toEqual([100, 200, 400, 500, 500]);
    ceilings.reset();
    expect(ceilings.nextMs()).toBe(100);
    expect(new Backoff({ baseMs: 100, capMs: 500 }, () => 0.25).nextMs()).toBe(25);
  });

  it('waits at least as long as the other side asks', () => {
    expect(new Backoff({ baseMs: 100, capMs: 500 }, () => 0.5).nextMs(2_000)).toBe(2_050);
  });
});

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
