import { SAMPLE_RATE_HZ } from '../../media/audio-format.js';

const TIMES_REAL_TIME = 3.75;
const BURST_SAMPLES = SAMPLE_RATE_HZ / 4;

/** A token bucket of samples: lets a backlog out at no more than four times real time in any second, bursts included. */
export class Pacer {
  #allowance = BURST_SAMPLES;
  #updatedAtMs: number;

  constructor(nowMs: number) {
    this.#updatedAtMs = nowMs;
  }

  /** How many samples may be sent at this moment. */
  allowance(nowMs: number): number {
    const earned = ((nowMs - this.#updatedAtMs) / 1000) * SAMPLE_RATE_HZ * TIMES_REAL_TIME;
    this.#updatedAtMs = nowMs;
    this.#allowance = Math.min(BURST_SAMPLES, this.#allowance + earned);
    return Math.floor(this.#allowance);
  }

  spend(samples: number): void {
    this.#allowance -= samples;
  }

  /** How long it takes to send a backlog of this many samples. */
  static drainMs(samples: number): number {
    return ((samples / SAMPLE_RATE_HZ) * 1000) / TIMES_REAL_TIME;
  }
}
