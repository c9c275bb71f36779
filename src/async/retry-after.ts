/** A faulty server cannot stop us for days. */
const MAX_RETRY_AFTER_MS = 3_600_000;

/** @param retryAfter the header of that name: seconds, or an HTTP date */
export function retryAfterMs(retryAfter: string | null | undefined): number {
  if (retryAfter === null || retryAfter === undefined) return 0;
  const seconds = Number(retryAfter);
  const ms = Number.isNaN(seconds) ? Date.parse(retryAfter) - Date.now() : seconds * 1000;
  return Number.isFinite(ms) ? Math.min(MAX_RETRY_AFTER_MS, Math.max(0, ms)) : 0;
}
