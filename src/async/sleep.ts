import { setTimeout as delay } from 'node:timers/promises';

/** Waits, or less long when the signal is aborted. Never rejects. */
export async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => undefined);
}
