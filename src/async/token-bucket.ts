/**
 * A rate limit: up to `capacity` tokens at once and `perSecond` more each second. The time is an argument, so that a bucket
 * needs no timer and a test needs no waiting.
 */
export class TokenBucket {
  #tokens: number;
  #refilledAtMs: number;

  constructor(
    private readonly capacity: number,
    private readonly perSecond: number,
    nowMs: number,
  ) {
    this.#tokens = capacity;
    this.#refilledAtMs = nowMs;
  }

  /** Takes so many tokens; false, and takes none, when fewer are left. */
  take(nowMs: number, tokens = 1): boolean {
    const refill = ((nowMs - this.#refilledAtMs) * this.perSecond) / 1000;
    this.#tokens = Math.min(this.capacity, this.#tokens + refill);
    this.#refilledAtMs = nowMs;
    if (this.#tokens < tokens) return false;
    this.#tokens -= tokens;
    return true;
  }
}
