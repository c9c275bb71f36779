/** So much at once and so much a second; what is not used is not saved up. */
export class Allowance {
  #used = 0;
  #atMs: number;

  constructor(
    private readonly atOnce: number,
    private readonly perSecond: number,
    nowMs: number,
  ) {
    this.#atMs = nowMs;
  }

  /** Takes so much; false when it is more than is left. What is refused does not count, so that it comes back in time. */
  take(amount: number, nowMs: number): boolean {
    this.#used = Math.max(0, this.#used - ((nowMs - this.#atMs) / 1000) * this.perSecond);
    this.#atMs = nowMs;
    if (this.#used + amount > this.atOnce) return false;
    this.#used += amount;
    return true;
  }
}
