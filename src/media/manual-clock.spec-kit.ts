import { Clock } from './clock.js';

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
