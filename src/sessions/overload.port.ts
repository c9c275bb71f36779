import { performance, type EventLoopUtilization } from 'node:perf_hooks';
import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { overloadConfig, type OverloadConfig } from '../config/namespaces.js';
import { Metrics } from '../metrics/metrics.js';

const LOOK_EVERY_MS = 500;
/** A burst of a second or two is no overload; five seconds of nothing but work are. */
const SMOOTHED_OVER_MS = 5_000;
/** It has passed when the load is this much of the limit, so that it does not come and go with every session. */
const PASSED_AT = 0.85;

/**
 * Whether the event loop is too busy for more sessions. All of them share it, so that one too many would take sound from
 * those that are there: new ones are refused or wait, and what runs goes on.
 */
@Injectable()
export class Overload implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #logger = new Logger(Overload.name);
  readonly #limit: number;
  #watch: NodeJS.Timeout | undefined;
  #load = 0;
  #overloaded = false;

  constructor(@Inject(overloadConfig.KEY) config: OverloadConfig, metrics: Metrics) {
    this.#limit = config.loopShare;
    metrics.gauge('event_loop_load_percent', 'share of time that the event loop works, smoothed', () => this.percent);
    metrics.gauge('overloaded', '1 while new sessions are refused for the load', () => (this.#overloaded ? 1 : 0));
  }

  onApplicationBootstrap(): void {
    let last = performance.eventLoopUtilization();
    this.#watch = setInterval(() => {
      const now = performance.eventLoopUtilization();
      this.#observe(performance.eventLoopUtilization(now, last));
      last = now;
    }, LOOK_EVERY_MS).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.#watch);
  }

  get overloaded(): boolean {
    return this.#overloaded;
  }

  /** Of the time, how much the event loop worked lately. */
  get percent(): number {
    return Math.round(this.#load * 100);
  }

  /** Takes what the loop did for so long into account. @param share of the time that it worked, 0 to 1 */
  observe(share: number, elapsedMs: number): void {
    this.#load += (share - this.#load) * (1 - Math.exp(-elapsedMs / SMOOTHED_OVER_MS));
    const overloaded = this.#limit > 0 && this.#load >= this.#limit * (this.#overloaded ? PASSED_AT : 1);
    if (overloaded === this.#overloaded) return;
    this.#overloaded = overloaded;
    if (overloaded) this.#logger.warn(`the event loop works ${this.percent} % of the time: no new sessions for now`);
    else this.#logger.log('the load has fallen: new sessions begin again');
  }

  #observe({ utilization, active, idle }: EventLoopUtilization): void {
    this.observe(utilization, active + idle);
  }
}
