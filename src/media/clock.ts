/** Time that only ever goes forward, whatever becomes of the wall clock. */
export abstract class Clock {
  /** Milliseconds since some moment in the past. */
  abstract monotonicMs(): number;
}

export class SystemClock extends Clock {
  override monotonicMs(): number {
    return performance.now();
  }
}

/** A clock that stands still until a test moves it. */
export class ManualClock extends Clock {
  #nowMs = 0;

  override monotonicMs(): number {
    return this.#nowMs;
  }

  advance(ms: number): void {
    this.#nowMs += ms;
  }
}
