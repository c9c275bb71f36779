import { describe, expect, it } from '@jest/globals';
import { Backoff } from './backoff.js';

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
