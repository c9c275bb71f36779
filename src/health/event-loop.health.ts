import { monitorEventLoopDelay, type IntervalHistogram } from 'node:perf_hooks';
import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { HealthIndicatorService, type HealthIndicatorResult } from '@nestjs/terminus';
import { Metrics } from '../metrics/metrics.js';

const RESOLUTION_MS = 10;
/** Frames come every ten milliseconds; a loop that is late by this much for a whole minute does not keep up. */
const LATE_MS = 500;
const WINDOW_MS = 60_000;

/** How late the event loop runs, over the last minute at most. */
@Injectable()
export class EventLoopHealth implements OnModuleInit, OnApplicationShutdown {
  readonly #delay: IntervalHistogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  #window: NodeJS.Timeout | undefined;

  constructor(
    private readonly indicator: HealthIndicatorService,
    metrics: Metrics,
  ) {
    metrics.gauge('event_loop_delay_p99_ms', 'event-loop delay above its sampling resolution', () => this.#p99Ms());
  }

  onModuleInit(): void {
    this.#delay.enable();
    this.#window = setInterval(() => this.#delay.reset(), WINDOW_MS).unref();
  }

  onApplicationShutdown(): void {
    this.#delay.disable();
    clearInterval(this.#window);
  }

  check(): HealthIndicatorResult {
    const delayP99Ms = this.#p99Ms();
    const session = this.indicator.check('eventLoop');
    return delayP99Ms > LATE_MS ? session.down({ delayP99Ms }) : session.up({ delayP99Ms });
  }

  /** The histogram holds nanoseconds and counts its own sampling interval. */
  #p99Ms(): number {
    return Math.max(0, Math.round(this.#delay.percentile(99) / 1e6) - RESOLUTION_MS);
  }
}
