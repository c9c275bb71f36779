import { SAMPLE_RATE_HZ } from '../../media/audio-format.js';

const TIMES_REAL_TIME = 3.75;
const BURST_SAMPLES = SAMPLE_RATE_HZ / 4;

/** Lets a backlog out at no more than four times real time in any second, what may go out at once included. */
export class Pacer {
  #allowance = BURST_SAMPLES;
  #at: number;

  constructor(nowMs: number) {
    this.#at = nowMs;
  }

  /** How many samples may be sent now. */
  allowance(nowMs: number): number {
    const earned = ((nowMs - this.#at) / 1000) * SAMPLE_RATE_HZ * TIMES_REAL_TIME;
    this.#at = nowMs;
    this.#allowance = Math.min(BURST_SAMPLES, this.#allowance + earned);
    return Math.floor(this.#allowance);
  }

  spend(samples: number): void {
    this.#allowance -= samples;
  }

  /** How long it takes until a backlog of that many samples is out. */
  static drainMs(samples: number): number {
    return ((samples / SAMPLE_RATE_HZ) * 1000) / TIMES_REAL_TIME;
  }
}
