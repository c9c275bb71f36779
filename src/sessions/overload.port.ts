import { performance } from 'node:perf_hooks';
import { Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Interval } from '../async/interval.js';
import { overloadConfig, type OverloadConfig } from '../config/namespaces.js';
import { Metrics } from '../metrics/metrics.js';

const MEASURE_EVERY_MS = 500;
/** A burst of a second or two is no overload; five seconds of uninterrupted work are. */
const SMOOTHING_MS = 5_000;
/** An overload ends at this share of the limit, so that it does not begin and end with every session. */
const RECOVERED_AT = 0.85;

/**
 * Whether the event loop is too busy for more sessions. All sessions share it, so that one too many would lose audio of the
 * others: during an overload new ones are refused or wait, and live ones go on.
 */
@Injectable()
export class Overload implements OnApplicationBootstrap {
  readonly #logger = new Logger(Overload.name);
  readonly #limit: number;
  #measured = performance.eventLoopUtilization();
  #load = 0;
  #overloaded = false;

  constructor(@Inject(overloadConfig.KEY) config: OverloadConfig, metrics: Metrics) {
    this.#limit = config.loopShare;
    metrics.gauge(
      'event_loop_load_ratio',
      'share of time that the event loop works, smoothed, 0 to 1',
      () => this.#load,
    );
    metrics.gauge('overloaded', '1 while new sessions are refused for the load', () => (this.#overloaded ? 1 : 0));
  }

  onApplicationBootstrap(): void {
    this.#measured = performance.eventLoopUtilization();
  }

  get overloaded(): boolean {
    return this.#overloaded;
  }

  /** The share of time that the event loop worked lately, 0 to 100. */
  get percent(): number {
    return Math.round(this.#load * 100);
  }

  /** @param share of `elapsedMs` that the event loop worked, 0 to 1 */
  observe(share: number, elapsedMs: number): void {
    this.#load += (share - this.#load) * (1 - Math.exp(-elapsedMs / SMOOTHING_MS));
    const overloaded = this.#limit > 0 && this.#load >= this.#limit * (this.#overloaded ? RECOVERED_AT : 1);
    if (overloaded === this.#overloaded) return;
    this.#overloaded = overloaded;
    if (overloaded) this.#logger.warn(`the event loop works ${this.percent} % of the time: no new sessions for now`);
    else this.#logger.log('the load has fallen: new sessions begin again');
  }

  @Interval(MEASURE_EVERY_MS)
  measure(): void {
    const now = performance.eventLoopUtilization();
    const { utilization, active, idle } = performance.eventLoopUtilization(now, this.#measured);
    this.#measured = now;
    this.observe(utilization, active + idle);
  }
}
