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
