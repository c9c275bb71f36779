import { describe, expect, it } from '@jest/globals';
import { SessionSlots, type SessionSlot } from './session-slots.js';
import { timePasses, useVirtualTime } from '../../../libs/testing/virtual-time.spec-kit.js';

useVirtualTime();

const never = new AbortController().signal;
const taken = async (slot: Promise<SessionSlot | undefined>): Promise<SessionSlot> => {
  const found = await slot;
  if (found === undefined) throw new Error('no slot');
  return found;
};
/** Records who got a slot, in order. */
const queueOn = (slots: SessionSlots) => {
  const order: string[] = [];
  const got = new Map<string, SessionSlot>();
  const wait = (name: string, slot: Promise<SessionSlot | undefined> = slots.acquire(never)): void => {
    void slot.then((found) => {
      if (found === undefined) return;
      got.set(name, found);
      order.push(name);
    });
  };
  return { order, got, wait };
};
const settled = () => new Promise(setImmediate);

describe('SessionSlots', () => {
  it('are granted in the order in which they were requested', async () => {
    const slots = new SessionSlots(1);
    const first = await taken(slots.acquire(never));
    const { order, got, wait } = queueOn(slots);
    for (const name of ['a', 'b', 'c']) wait(name);
    first.release();
    first.release();
    await settled();
    expect(order).toEqual(['a']);
    got.get('a')!.release();
    await settled();
    expect(order).toEqual(['a', 'b']);
    expect(slots.isFull).toBe(true);
  });

  it('learn from a refusal how many there are, and keep the refused one first in the queue', async () => {
    const slots = new SessionSlots(Infinity);
    const one = await taken(slots.acquire(never));
    slots.confirm(one);
    const refused = await taken(slots.acquire(never));
    const { order, got, wait } = queueOn(slots);
    wait('refused', slots.reacquire(refused, never, 60_000));
    expect(slots.isFull).toBe(true);
    wait('late');
    one.release();
    await settled();
    expect(order).toEqual(['refused']);
    got.get('refused')!.release();
    await settled();
    expect(order).toEqual(['refused', 'late']);
    got.get('late')!.release();
  });

  it('are tried again after a while, although none was released here', async () => {
    const slots = new SessionSlots(Infinity);
    slots.confirm(await taken(slots.acquire(never)));
    const refused = await taken(slots.acquire(never));
    slots.confirm(await taken(slots.reacquire(refused, never, 5)));
    expect(slots.isFull).toBe(true);
    const over = new AbortController();
    const { order, wait } = queueOn(slots);
    wait('next', slots.acquire(over.signal));
    await settled();
    expect(order).toEqual([]);
    over.abort();
  });

  it('are tried by the first in the queue, also when a later one retries', async () => {
    const slots = new SessionSlots(Infinity);
    slots.confirm(await taken(slots.acquire(never)));
    const [patient, hasty] = [await taken(slots.acquire(never)), await taken(slots.acquire(never))];
    const { order, got, wait } = queueOn(slots);
    wait('patient', slots.reacquire(patient, never, 60_000));
    const later = new Promise<void>((resolve) => {
      const promise = slots.reacquire(hasty, never, 5);
      wait('hasty', promise);
      void promise.then(() => resolve());
    });
    while (order.length === 0) await settled();
    expect(order).toEqual(['patient']);
    await timePasses(30);
    expect(order).toEqual(['patient']);
    slots.confirm(got.get('patient')!);
    await later;
    expect(order).toEqual(['patient', 'hasty']);
  });

  it('are granted to nobody during a pause that Gladia asks for, then to the first in the queue', async () => {
    const slots = new SessionSlots(Infinity);
    const refused = await taken(slots.acquire(never));
    const wantedAtMs = performance.now() + 60;
    slots.pauseFor(60);
    slots.pauseFor(10);
    const { order, got, wait } = queueOn(slots);
    wait('refused', slots.reacquire(refused, never, 5));
    wait('next');
    while (order.length === 0) await timePasses(2);
    expect(performance.now()).toBeGreaterThanOrEqual(wantedAtMs - 1);
    expect(order).toEqual(['refused']);
    slots.confirm(got.get('refused')!);
    got.get('refused')!.release();
    await settled();
    expect(order).toEqual(['refused', 'next']);
  });

  it('are not waited for after the signal', async () => {
    const slots = new SessionSlots(1);
    const held = await taken(slots.acquire(never));
    const over = new AbortController();
    const waiting = slots.acquire(over.signal);
    const { order, wait } = queueOn(slots);
    wait('next');
    over.abort();
    expect(await waiting).toBeUndefined();
    expect(await slots.acquire(over.signal)).toBeUndefined();
    held.release();
    await settled();
    expect(order).toEqual(['next']);
  });
});
