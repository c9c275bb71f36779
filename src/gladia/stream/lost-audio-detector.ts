/** Audio is being lost after this many intervals in a row whose minimum is higher than that of the one before. */
const RISING_INTERVALS = 3;

/** A server that gets slower raises the minimum a little; lost audio raises it by more than this share of an interval. */
const MIN_RISE = 0.1;

/** The least that was outstanding within an interval. */
interface Minimum {
  readonly outstandingMs: number;
  /** The first log position that was not acknowledged then. */
  readonly position: number;
}

/**
 * Detects that audio is lost on a connection that goes on acknowledging. While audio is sent in real time, the outstanding
 * amount falls, again and again, to what is in transit; where audio is lost, it no longer falls as low as before.
 */
export class LostAudioDetector {
  readonly #intervalMs: number;
  #intervalEndsAtMs = 0;
  #hasAcknowledged = false;
  #minimum: Minimum | undefined;
  #previousMinimum: Minimum | undefined;
  #risingIntervals = 0;
  #intactUntil: number;

  /** @param position the first log position that is sent on this connection */
  constructor(silenceTimeoutMs: number, position: number) {
    this.#intactUntil = position;
    this.#intervalMs = silenceTimeoutMs / (RISING_INTERVALS + 1);
  }

  get isLosingAudio(): boolean {
    return this.#risingIntervals >= RISING_INTERVALS;
  }

  /** The log position before which nothing was lost, as far as is known. */
  get intactUntil(): number {
    return this.#intactUntil;
  }

  acknowledged(): void {
    this.#hasAcknowledged = true;
  }

  /**
   * To be called every 50 ms or so.
   * @param position the first log position that is not acknowledged
   * @param isUpToDate whether there is no backlog: with one, the outstanding amount says nothing
   */
  observe(nowMs: number, outstandingMs: number, position: number, isUpToDate: boolean): void {
    if (!isUpToDate) {
      this.#startInterval(nowMs, undefined);
      return;
    }
    if (nowMs >= this.#intervalEndsAtMs) this.#endInterval(nowMs);
    if (this.#minimum === undefined || outstandingMs < this.#minimum.outstandingMs) {
      this.#minimum = { outstandingMs, position };
    }
  }

  /** An interval without any acknowledgment says nothing about lost audio. */
  #endInterval(nowMs: number): void {
    const previous = this.#previousMinimum;
    const minimum = this.#hasAcknowledged ? this.#minimum : undefined;
    if (previous !== undefined && minimum !== undefined) {
      const isHigher = minimum.outstandingMs > previous.outstandingMs + MIN_RISE * this.#intervalMs;
      if (!isHigher) this.#intactUntil = previous.position;
      this.#risingIntervals = isHigher ? this.#risingIntervals + 1 : 0;
    }
    this.#startInterval(nowMs, minimum);
  }

  #startInterval(nowMs: number, previous: Minimum | undefined): void {
    this.#intervalEndsAtMs = nowMs + this.#intervalMs;
    this.#hasAcknowledged = false;
    this.#minimum = undefined;
    this.#previousMinimum = previous;
    if (previous === undefined) this.#risingIntervals = 0;
  }
}
