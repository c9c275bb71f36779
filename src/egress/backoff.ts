const FIRST_MS = 500;
const CAP_MS = 30_000;

/** How long to wait before the nth retry in a row (0: at once), exponential up to half a minute, with full jitter. */
export function backoffMs(failures: number, random: () => number = Math.random): number {
  if (failures === 0) return 0;
  const ceiling = Math.min(CAP_MS, FIRST_MS * 2 ** (failures - 1));
  return ceiling / 2 + (random() * ceiling) / 2;
}

/** Resolves after `ms`, or at once when the signal aborts. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (ms === 0 || signal.aborted) return;
  await new Promise<void>((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
  });
}
