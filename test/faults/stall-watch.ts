const LOOK_EVERY_MS = 20;

/**
 * How late the timers of this process run: everything around the service is in it, and loses sound that no LiveKit would
 * lose while the machine is busy with something else.
 */
export class StallWatch {
  #lastMs = performance.now();
  #longestMs = 0;
  readonly #timer = setInterval(() => this.#look(), LOOK_EVERY_MS);

  /** Ends the watch. @returns the longest stall in milliseconds */
  stop(): number {
    this.#look();
    clearInterval(this.#timer);
    return Math.round(this.#longestMs);
  }

  #look(): void {
    const nowMs = performance.now();
    this.#longestMs = Math.max(this.#longestMs, nowMs - this.#lastMs - LOOK_EVERY_MS);
    this.#lastMs = nowMs;
  }
}
