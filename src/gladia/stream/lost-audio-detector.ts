/** So many stretches of time, one after the other, each with more outstanding than the one before. */
const RISING = 3;

/** By so much of the time that passes, what is outstanding must grow, to be more than a server that gets slower. */
const LEAST_SHARE = 0.1;

interface Low {
  readonly outstandingMs: number;
  /** The first sample that was not acknowledged then. */
  readonly position: number;
}

/**
 * Whether sound is lost on a connection that goes on acknowledging. While the log is sent as it comes, what is outstanding
 * goes down, again and again, to what is on its way; where sound is lost, it does not come down as far as before.
 */
export class LostAudioDetector {
  readonly #stretchMs: number;
  #endsAtMs = 0;
  #hasAcknowledged = false;
  #low: Low | undefined;
  #lowBefore: Low | undefined;
  #rising = 0;
  #cleanAt: number;

  /** @param position the first sample that is sent here */
  constructor(silenceTimeoutMs: number, position: number) {
    this.#cleanAt = position;
    this.#stretchMs = silenceTimeoutMs / (RISING + 1);
  }

  get isLeaky(): boolean {
    return this.#rising >= RISING;
  }

  /** Before this position nothing was lost, as far as can be known: all of it was acknowledged before the leak. */
  get cleanAt(): number {
    return this.#cleanAt;
  }

  acknowledged(): void {
    this.#hasAcknowledged = true;
  }

  /** Asked again and again. @param position the first sample that is not acknowledged */
  look(nowMs: number, outstandingMs: number, position: number, isUpToDate: boolean): void {
    if (!isUpToDate) {
      this.#begin(nowMs, undefined);
      return;
    }
    if (nowMs >= this.#endsAtMs) this.#endStretch(nowMs);
    if (this.#low === undefined || outstandingMs < this.#low.outstandingMs) {
      this.#low = { outstandingMs, position };
    }
  }

  /** A stretch in which nothing was acknowledged says nothing of what was lost. */
  #endStretch(nowMs: number): void {
    const before = this.#lowBefore;
    const low = this.#hasAcknowledged ? this.#low : undefined;
    if (before !== undefined && low !== undefined) {
      const isHigher = low.outstandingMs > before.outstandingMs + LEAST_SHARE * this.#stretchMs;
      if (!isHigher) this.#cleanAt = before.position;
      this.#rising = isHigher ? this.#rising + 1 : 0;
    }
    this.#begin(nowMs, low);
  }

  #begin(nowMs: number, lowBefore: Low | undefined): void {
    this.#endsAtMs = nowMs + this.#stretchMs;
    this.#hasAcknowledged = false;
    this.#low = undefined;
    this.#lowBefore = lowBefore;
    if (lowBefore === undefined) this.#rising = 0;
  }
}
