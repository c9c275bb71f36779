import { describe, expect, it } from '@jest/globals';
import { EgressSlots } from './egress-slots.js';

const never = new AbortController().signal;

describe('EgressSlots', () => {
  it('gives out no more than the limit, and the rest first come, first served', async () => {
    const slots = new EgressSlots(2);
    const order: string[] = [];
    const first = await slots.acquire(never);
    await slots.acquire(never);
    const third = slots.acquire(never).then(() => order.push('third'));
    const fourth = slots.acquire(never).then(() => order.push('fourth'));
    expect([slots.taken, slots.waiting, slots.free]).toEqual([2, 2, false]);
    first?.();
    await third;
    expect(order).toEqual(['third']);
    expect(slots.taken).toBe(2);
    const released = slots.acquire(never);
    expect(slots.waiting).toBe(2);
    void released;
    void fourth;
  });

  it('takes a slot back once, however often it is released', async () => {
    const slots = new EgressSlots(1);
    const release = await slots.acquire(never);
    release?.();
    release?.();
    expect(slots.taken).toBe(0);
  });

  it('forgets who gives up waiting', async () => {
    const slots = new EgressSlots(1);
    const release = await slots.acquire(never);
    const impatient = new AbortController();
    const waiting = slots.acquire(impatient.signal);
    impatient.abort();
    await expect(waiting).resolves.toBeUndefined();
    release?.();
    expect([slots.taken, slots.waiting]).toEqual([0, 0]);
  });
});
