import { getEventListeners } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { withTimeout } from './with-timeout.js';
import { orAborted } from './or-aborted.js';

const never = new Promise<never>(() => undefined);
const listeners = (signal: AbortSignal): number => getEventListeners(signal, 'abort').length;

describe('orAborted', () => {
  it('resolves and rejects as the promise does, and leaves nothing at the signal', async () => {
    const { signal } = new AbortController();
    expect(await orAborted(Promise.resolve(7), signal)).toBe(7);
    await expect(orAborted(Promise.reject(new Error('no')), signal)).rejects.toThrow('no');
    expect(listeners(signal)).toBe(0);
  });

  it('gives up when the signal aborts, or has aborted', async () => {
    const over = new AbortController();
    const waiting = orAborted(never, over.signal, 'over');
    over.abort();
    expect(await waiting).toBe('over');
    await expect(orAborted(never, over.signal)).resolves.toBeUndefined();
    expect(listeners(over.signal)).toBe(0);
  });
});

describe('withTimeout', () => {
  it('waits no longer than it may, or than the signal lets it', async () => {
    const over = new AbortController();
    expect(await withTimeout(never, 5, 'late', over.signal)).toBe('late');
    expect(await withTimeout(Promise.resolve('there'), 60_000, 'late', over.signal)).toBe('there');
    const waiting = withTimeout(never, 60_000, 'late', over.signal);
    over.abort();
    expect(await waiting).toBe('late');
    expect(listeners(over.signal)).toBe(0);
  });
});
