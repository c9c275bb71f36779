export interface BackoffRange {
  readonly baseMs: number;
  readonly capMs: number;
}

/** Exponential delays with full jitter. Call `reset` after a stable period, not after a single success. */
export class Backoff {
  #failures = 0;

  constructor(
    private readonly range: BackoffRange,
    private readonly random: () => number,
  ) {}

  /** How long to wait before the next attempt; at least `atLeastMs`, e.g. from a `Retry-After`. */
  nextMs(atLeastMs = 0): number {
    const ceilingMs = Math.min(this.range.capMs, this.range.baseMs * 2 ** this.#failures);
    this.#failures += 1;
    return atLeastMs + this.random() * ceilingMs;
  }

  reset(): void {
    this.#failures = 0;
  }
}
