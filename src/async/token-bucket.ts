/**
 * A rate limiter: up to `capacity` tokens at once, refilled with `perSecond` tokens each second. The time is an argument, so
 * that it needs no timer.
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

  /** Takes the tokens and returns true, or takes none and returns false when fewer are left. */
  take(nowMs: number, tokens = 1): boolean {
    this.#refill(nowMs);
    if (this.#tokens < tokens) return false;
    this.#tokens -= tokens;
    return true;
  }

  /** Takes a token that is spent already: the bucket may owe as many as it holds. */
  spend(nowMs: number): void {
    this.#refill(nowMs);
    this.#tokens = Math.max(-this.capacity, this.#tokens - 1);
  }

  /** The share of the capacity that is left, 0 to 1. */
  share(nowMs: number): number {
    this.#refill(nowMs);
    return Math.max(0, this.#tokens / this.capacity);
  }

  #refill(nowMs: number): void {
    const refill = ((nowMs - this.#refilledAtMs) * this.perSecond) / 1000;
    this.#tokens = Math.min(this.capacity, this.#tokens + refill);
    this.#refilledAtMs = nowMs;
  }
}
