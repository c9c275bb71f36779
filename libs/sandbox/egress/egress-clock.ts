import { performance } from 'node:perf_hooks';
import { FRAME_MS } from './track-audio.js';

/** Ticks every 10 ms of monotonic time; ticks that were missed are made up for at once, so none is lost. */
export class EgressClock {
  #startedAtMs = 0;
  #ticks = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly onTick: () => void) {}

  start(): void {
    this.#startedAtMs = performance.now();
    this.#schedule();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #schedule(): void {
    const dueMs = this.#startedAtMs + (this.#ticks + 1) * FRAME_MS;
    this.#timer = setTimeout(() => this.#wake(), Math.max(0, dueMs - performance.now()));
  }

  #wake(): void {
    const due = Math.floor((performance.now() - this.#startedAtMs) / FRAME_MS);
    while (this.#ticks < due && this.#timer !== undefined) {
      this.#ticks++;
      this.onTick();
    }
    if (this.#timer !== undefined) this.#schedule();
  }
}
