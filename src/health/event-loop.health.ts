import { monitorEventLoopDelay, type IntervalHistogram } from 'node:perf_hooks';
import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { HealthIndicatorService, type HealthIndicatorResult } from '@nestjs/terminus';
import { Interval } from '../async/interval.js';
import { Metrics } from '../metrics/metrics.js';

const RESOLUTION_MS = 10;
/** Frames arrive every ten milliseconds: an event loop with this delay cannot keep up. */
const LATE_MS = 500;
const WINDOW_MS = 60_000;

/** The delay of the event loop in the current window of a minute. */
@Injectable()
export class EventLoopHealth implements OnModuleInit, OnApplicationShutdown {
  readonly #delay: IntervalHistogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });

  constructor(
    private readonly indicator: HealthIndicatorService,
    metrics: Metrics,
  ) {
    metrics.gauge(
      'event_loop_delay_p99_seconds',
      'event-loop delay above its sampling resolution, in this minute',
      () => this.#p99Ms() / 1000,
    );
  }

  onModuleInit(): void {
    this.#delay.enable();
  }

  onApplicationShutdown(): void {
    this.#delay.disable();
  }

  @Interval(WINDOW_MS)
  startWindow(): void {
    this.#delay.reset();
  }

  check(): HealthIndicatorResult {
    const delayP99Ms = this.#p99Ms();
    const check = this.indicator.check('eventLoop');
    return delayP99Ms > LATE_MS ? check.down({ delayP99Ms }) : check.up({ delayP99Ms });
  }

  /** The histogram holds nanoseconds and counts its own sampling interval. */
  #p99Ms(): number {
    return Math.max(0, Math.round(this.#delay.percentile(99) / 1e6) - RESOLUTION_MS);
  }
}
