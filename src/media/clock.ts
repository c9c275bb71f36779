/** A monotonic clock, independent of changes of the wall clock. */
export abstract class Clock {
  /** Milliseconds since an arbitrary moment in the past. */
  abstract monotonicMs(): number;
}

export class SystemClock extends Clock {
  override monotonicMs(): number {
    return performance.now();
  }
}
