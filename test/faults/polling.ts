import { setTimeout as sleep } from 'node:timers/promises';

/** Resolves with whether `isTrue` becomes true within that time. */
export async function waitUntil(
  isTrue: () => boolean | Promise<boolean>,
  withinMs: number,
  everyMs = 100,
): Promise<boolean> {
  const deadlineMs = Date.now() + withinMs;
  for (;;) {
    if (await isTrue()) return true;
    if (Date.now() > deadlineMs) return false;
    await sleep(everyMs);
  }
}
