import { FRAME_MS } from './track-audio.js';

/**
 * Ticks every 10 ms of monotonic time; ticks that were missed are made up for at once, so none is lost. It runs from its
 * first tick on, which nothing comes before: what that one begins to read ends in the present.
 */
export class EgressClock {
  #startedAtMs = 0;
  #ticks = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly onTick: () => void,
    private readonly nowMs: () => number = () => performance.now(),
  ) {}

  start(): void {
    this.#startedAtMs = this.nowMs();
    this.#schedule();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #schedule(): void {
    const dueMs = this.#startedAtMs + (this.#ticks + 1) * FRAME_MS;
    this.#timer = setTimeout(() => this.#wake(), Math.max(0, dueMs - this.nowMs()));
  }

  #wake(): void {
    const nowMs = this.nowMs();
    if (this.#ticks === 0) this.#startedAtMs = nowMs - FRAME_MS;
    const due = Math.max(1, Math.floor((nowMs - this.#startedAtMs) / FRAME_MS));
    while (this.#ticks < due && this.#timer !== undefined) {
      this.#ticks++;
      this.onTick();
    }
    if (this.#timer !== undefined) this.#schedule();
  }
}
