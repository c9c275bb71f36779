import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** The process's Prometheus registry. Names start with `roomscribe_`; no label ever holds a name, a room or a token. */
@Injectable()
export class Metrics {
  readonly registry = new Registry();

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  counter<L extends string>(name: string, help: string, labelNames: readonly L[] = []): Counter<L> {
    return new Counter({ name: `roomscribe_${name}`, help, labelNames: [...labelNames], registers: [this.registry] });
  }

  /** @param buckets upper bounds, ascending */
  histogram(name: string, help: string, buckets: readonly number[]): Histogram {
    return new Histogram({ name: `roomscribe_${name}`, help, buckets: [...buckets], registers: [this.registry] });
  }

  /** A gauge whose value is read at each scrape, so that it costs nothing in between. */
  gauge(name: string, help: string, read: () => number): void {
    new Gauge({
      name: `roomscribe_${name}`,
      help,
      registers: [this.registry],
      collect() {
        this.set(read());
      },
    });
  }
}
