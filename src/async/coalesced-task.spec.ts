import { describe, expect, it } from '@jest/globals';
import { CoalescedTask } from './coalesced-task.js';

describe('CoalescedTask', () => {
  it('runs once for the first request and once more for all that came meanwhile', async () => {
    let runs = 0;
    let running = 0;
    const coalesced = new CoalescedTask(async () => {
      expect(++running).toBe(1);
      runs += 1;
      await new Promise(setImmediate);
      running -= 1;
    });
    await Promise.all(Array.from({ length: 1000 }, () => coalesced.request()));
    expect(runs).toBeLessThanOrEqual(2);
    await coalesced.request();
    expect(runs).toBeLessThanOrEqual(3);
  });

  it('always begins a run after the last request', async () => {
    let value = 0;
    let seen = 0;
    const coalesced = new CoalescedTask(async () => {
      seen = value;
      await new Promise(setImmediate);
    });
    const first = coalesced.request();
    value = 1;
    await Promise.all([first, coalesced.request()]);
    expect(seen).toBe(1);
  });
});
