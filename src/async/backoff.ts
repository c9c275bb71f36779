export interface BackoffRange {
  readonly baseMs: number;
  readonly capMs: number;
}

/** Exponential delays with full jitter. `reset` is for after a stable period, not for after a mere success. */
export class Backoff {
  #failures = 0;

  constructor(
    private readonly range: BackoffRange,
    private readonly random: () => number,
  ) {}

  /** How long to wait before the next attempt; at least `atLeastMs`, where the other side asked for that. */
  nextMs(atLeastMs = 0): number {
    const ceilingMs = Math.min(this.range.capMs, this.range.baseMs * 2 ** this.#failures);
    this.#failures += 1;
    return atLeastMs + this.random() * ceilingMs;
  }

  reset(): void {
    this.#failures = 0;
  }
}
