/**
 * Whether a source keeps to real time. Egress holds back up to about twenty seconds while we do not read and then sends
 * them at once, so a burst is normal and a steady excess is not.
 */
export class Pace {
  #receivedMs = 0;

  constructor(
    private readonly startedAtMs: number,
    private readonly burstMs: number,
  ) {}

  /** How much sound has come. */
  get receivedMs(): number {
    return this.#receivedMs;
  }

  /** Counts what came; false when the source is further ahead of the clock than any burst explains. */
  keeps(audioMs: number, nowMs: number): boolean {
    this.#receivedMs += audioMs;
    return this.#receivedMs <= nowMs - this.startedAtMs + this.burstMs;
  }
}
