const LOOK_EVERY_MS = 20;

/**
 * How late this process itself comes to what it has to do: everything around the service lives in it, and loses sound that
 * no LiveKit would lose while the machine is busy with something else.
 */
export class StallWatch {
  #lastMs = performance.now();
  #longestMs = 0;
  #timer = setInterval(() => this.#look(), LOOK_EVERY_MS);

  /** Ends the watch. */
  stop() {
    this.#look();
    clearInterval(this.#timer);
    return Math.round(this.#longestMs);
  }

  #look() {
    const nowMs = performance.now();
    this.#longestMs = Math.max(this.#longestMs, nowMs - this.#lastMs - LOOK_EVERY_MS);
    this.#lastMs = nowMs;
  }
}
