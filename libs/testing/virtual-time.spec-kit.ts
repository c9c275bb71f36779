import { afterAll, beforeAll, jest } from '@jest/globals';

const realSetImmediate = setImmediate;
const realTimeout = AbortSignal.timeout.bind(AbortSignal);

/** Turns of the event loop in a millisecond: what is sent over loopback takes one or two to arrive. */
const TURNS = 2;

/**
 * From here on all tests of the file, or of the `describe`, run in virtual time: a millisecond passes in a few turns of
 * the event loop, however long these take on the machine. Timers, `Date` and `performance` follow it; sockets of this
 * process stay real. A test never waits for long, and a busy machine makes no difference to it.
 */
export function useVirtualTime(): void {
  let runs = false;
  let stopped: Promise<void> = Promise.resolve();

  const run = async (): Promise<void> => {
    while (runs) {
      for (let turn = 0; turn < TURNS; turn += 1) await new Promise((resolve) => realSetImmediate(resolve));
      await jest.advanceTimersByTimeAsync(1);
    }
  };

  beforeAll(() => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate', 'clearImmediate', 'hrtime'] });
    AbortSignal.timeout = virtualTimeout;
    runs = true;
    stopped = run();
  });

  afterAll(async () => {
    runs = false;
    await stopped;
    AbortSignal.timeout = realTimeout;
    jest.useRealTimers();
  });
}

function virtualTimeout(ms: number): AbortSignal {
  const controller = new AbortController();
  setTimeout(
    () => controller.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError')),
    ms,
  ).unref();
  return controller.signal;
}

/** Resolves when so much virtual time has passed. */
export function timePasses(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
