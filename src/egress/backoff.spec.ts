import { describe, expect, it } from '@jest/globals';
import { backoffMs, pause } from './backoff.js';

describe('backoffMs', () => {
  it('is nothing at first, then doubles up to half a minute, with jitter', () => {
    expect(backoffMs(0)).toBe(0);
    expect([1, 2, 3].map((failures) => backoffMs(failures, () => 1))).toEqual([500, 1000, 2000]);
    expect(backoffMs(1, () => 0)).toBe(250);
    expect(backoffMs(100, () => 1)).toBe(30_000);
  });
});

describe('pause', () => {
  it('ends at once when the signal aborts', async () => {
    const controller = new AbortController();
    const paused = pause(60_000, controller.signal);
    controller.abort();
    await expect(paused).resolves.toBeUndefined();
  });
});
