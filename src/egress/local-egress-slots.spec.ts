import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { LocalEgressSlots } from './local-egress-slots.js';

const ALICE = { sessionId: 's', identity: 'alice' };
const BOB = { sessionId: 's', identity: 'bob' };
const CAROL = { sessionId: 't', identity: 'carol' };
const never = new AbortController().signal;

describe('LocalEgressSlots', () => {
  afterEach(() => {
    jest.useRealTimers();
  });

  it('gives out no more than the limit, and the rest first come, first served', async () => {
    const slots = new LocalEgressSlots(2);
    const order: string[] = [];
    const first = await slots.acquire(ALICE, never);
    await slots.acquire(ALICE, never);
    const third = slots.acquire(ALICE, never).then(() => order.push('third'));
    void slots.acquire(ALICE, never).then(() => order.push('fourth'));
    expect([slots.taken, slots.waiting, slots.free]).toEqual([2, 2, 0]);
    expect(slots.tryAcquire(ALICE)).toBeUndefined();
    first?.();
    await third;
    expect(order).toEqual(['third']);
    expect([slots.taken, slots.waiting]).toEqual([2, 1]);
  });

  it('serves who waits at the head before who came earlier', async () => {
    const slots = new LocalEgressSlots(1);
    const release = slots.tryAcquire(ALICE);
    const order: string[] = [];
    const patient = slots.acquire(ALICE, never).then(() => order.push('patient'));
    const urgent = slots.acquire(ALICE, never, 'first').then((slot) => {
      order.push('urgent');
      slot?.();
    });
    expect(slots.waiting).toBe(1);
    release?.();
    await Promise.all([patient, urgent]);
    expect(order).toEqual(['urgent', 'patient']);
  });

  it('gives a free slot to who holds fewest, then to the session that holds fewest', async () => {
    const slots = new LocalEgressSlots(2);
    const [release] = [slots.tryAcquire(ALICE), slots.tryAcquire(ALICE)];
    const order: string[] = [];
    const waits = (holder: typeof ALICE): Promise<unknown> =>
      slots.acquire(holder, never).then((slot) => {
        order.push(holder.identity);
        slot?.();
      });
    const all = [waits(ALICE), waits(BOB), waits(CAROL)];
    release?.();
    await Promise.all(all);
    expect(order).toEqual(['carol', 'bob', 'alice']);
  });

  it('names who holds several while somebody with none waits', () => {
    const slots = new LocalEgressSlots(2);
    slots.tryAcquire(ALICE);
    const release = slots.tryAcquire(ALICE);
    void slots.acquire(ALICE, never);
    expect(slots.overHolder()).toBeUndefined();
    void slots.acquire(BOB, never);
    expect(slots.overHolder()).toEqual(ALICE);
    release?.();
    expect([slots.taken, slots.overHolder()]).toEqual([2, undefined]);
    void slots.acquire(CAROL, never);
    expect(slots.overHolder()).toEqual({ sessionId: 's' });
  });

  it('takes a slot back once, however often it is released, and tells of it', () => {
    const slots = new LocalEgressSlots(1);
    const heard = jest.fn();
    slots.onChange(heard);
    const release = slots.tryAcquire(ALICE);
    release?.();
    release?.();
    expect(slots.taken).toBe(0);
    expect(heard).toHaveBeenCalledTimes(1);
  });

  it('forgets who gives up waiting', async () => {
    const slots = new LocalEgressSlots(1);
    const release = slots.tryAcquire(ALICE);
    const impatient = new AbortController();
    const waiting = slots.acquire(ALICE, impatient.signal);
    impatient.abort();
    await expect(waiting).resolves.toBeUndefined();
    release?.();
    expect([slots.taken, slots.waiting]).toEqual([0, 0]);
  });

  it('believes LiveKit that the account is full, for a while', async () => {
    jest.useFakeTimers();
    const slots = new LocalEgressSlots(5);
    slots.tryAcquire(ALICE);
    const missing = slots.tryAcquire(ALICE);
    slots.foundFull(30_000);
    missing?.();
    expect(slots.free).toBe(0);
    const waiting = slots.acquire(ALICE, never);
    jest.advanceTimersByTime(1_000);
    await expect(waiting).resolves.toBeInstanceOf(Function);
  });

  it('believes it for longer each time that the account is still full', () => {
    jest.useFakeTimers();
    const slots = new LocalEgressSlots(5);
    const ceilingsMs = [1, 2, 3, 4, 5, 6, 7].map(() => {
      const startMs = performance.now();
      const release = slots.tryAcquire(ALICE);
      slots.foundFull(30_000);
      release?.();
      while (slots.free === 0) jest.advanceTimersByTime(100);
      return performance.now() - startMs;
    });
    expect(ceilingsMs).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
    jest.advanceTimersByTime(60_000);
    slots.tryAcquire(ALICE);
    slots.foundFull(30_000);
    jest.advanceTimersByTime(1_000);
    expect(slots.free).toBe(4);
  });
});
