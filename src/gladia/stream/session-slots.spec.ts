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
/** Notes who got a slot, in order. */
const queueOn = (slots: SessionSlots) => {
  const order: string[] = [];
  const got = new Map<string, SessionSlot>();
  const wait = (name: string, slot: Promise<SessionSlot | undefined> = slots.take(never)): void => {
    void slot.then((found) => {
      if (found === undefined) return;
      got.set(name, found);
      order.push(name);
    });
  };
  return { order, got, wait };
};
const settled = () => new Promise(setImmediate);

describe('Slots', () => {
  it('are given in the order in which they were asked for', async () => {
    const slots = new SessionSlots(1);
    const first = await taken(slots.take(never));
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

  it('learn from a refusal how many there are, and keep who was refused first in line', async () => {
    const slots = new SessionSlots(Infinity);
    const one = await taken(slots.take(never));
    slots.granted(one);
    const refused = await taken(slots.take(never));
    const { order, got, wait } = queueOn(slots);
    wait('refused', slots.retake(refused, never, 60_000));
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

  it('are tried for once more after a while, though none came free here', async () => {
    const slots = new SessionSlots(Infinity);
    slots.granted(await taken(slots.take(never)));
    const refused = await taken(slots.take(never));
    slots.granted(await taken(slots.retake(refused, never, 5)));
    expect(slots.isFull).toBe(true);
    const over = new AbortController();
    const { order, wait } = queueOn(slots);
    wait('next', slots.take(over.signal));
    await settled();
    expect(order).toEqual([]);
    over.abort();
  });

  it('are tried for by the first in line, also when a later one loses patience', async () => {
    const slots = new SessionSlots(Infinity);
    slots.granted(await taken(slots.take(never)));
    const [patient, hasty] = [await taken(slots.take(never)), await taken(slots.take(never))];
    const { order, got, wait } = queueOn(slots);
    wait('patient', slots.retake(patient, never, 60_000));
    const later = new Promise<void>((resolve) => {
      const promise = slots.retake(hasty, never, 5);
      wait('hasty', promise);
      void promise.then(() => resolve());
    });
    while (order.length === 0) await settled();
    expect(order).toEqual(['patient']);
    await timePasses(30);
    expect(order).toEqual(['patient']);
    slots.granted(got.get('patient')!);
    await later;
    expect(order).toEqual(['patient', 'hasty']);
  });

  it('are given to nobody before Gladia wants to be asked again, then to the first in line', async () => {
    const slots = new SessionSlots(Infinity);
    const refused = await taken(slots.take(never));
    const wantedAtMs = performance.now() + 60;
    slots.waitAtLeast(60);
    slots.waitAtLeast(10);
    const { order, got, wait } = queueOn(slots);
    wait('refused', slots.retake(refused, never, 5));
    wait('next');
    while (order.length === 0) await timePasses(2);
    expect(performance.now()).toBeGreaterThanOrEqual(wantedAtMs - 1);
    expect(order).toEqual(['refused']);
    slots.granted(got.get('refused')!);
    got.get('refused')!.release();
    await settled();
    expect(order).toEqual(['refused', 'next']);
  });

  it('are not waited for any longer than wanted', async () => {
    const slots = new SessionSlots(1);
    const held = await taken(slots.take(never));
    const over = new AbortController();
    const waiting = slots.take(over.signal);
    const { order, wait } = queueOn(slots);
    wait('next');
    over.abort();
    expect(await waiting).toBeUndefined();
    expect(await slots.take(over.signal)).toBeUndefined();
    held.release();
    await settled();
    expect(order).toEqual(['next']);
  });
});
