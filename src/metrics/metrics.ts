import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { packageRoot } from '../config/package-root.js';

/** Of Node's own metrics, those that Prometheus takes for counters by their names. They are gauges, and there are sums by type beside them. */
const MISNAMED = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total'];

const { version: VERSION } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as {
  version: string;
};

/** The process's Prometheus registry. Names start with `roomscribe_`; no label ever holds a name, a room or a token. */
@Injectable()
export class Metrics {
  readonly registry = new Registry();

  constructor() {
    collectDefaultMetrics({ register: this.registry });
    for (const name of MISNAMED) this.registry.removeSingleMetric(name);
    this.gaugeBy('version', 'build_info', 'always 1; the label says which release this is', () => ({ [VERSION]: 1 }));
  }

  counter<L extends string>(name: string, help: string, labelNames: readonly L[] = []): Counter<L> {
    return new Counter({ name: `roomscribe_${name}`, help, labelNames: [...labelNames], registers: [this.registry] });
  }

  /** @param buckets upper bounds, ascending */
  histogram(name: string, help: string, buckets: readonly number[]): Histogram {
    return new Histogram({ name: `roomscribe_${name}`, help, buckets: [...buckets], registers: [this.registry] });
  }

  /** A counter that is read at each scrape, and so counts what has not ended, too. @param read never falls */
  total(name: string, help: string, read: () => number): void {
    new Counter({
      name: `roomscribe_${name}`,
      help,
      registers: [this.registry],
      collect() {
        this.reset();
        this.inc(read());
      },
    });
  }

  /** A gauge with one label. @param read the value by that label, read at each scrape */
  gaugeBy(label: string, name: string, help: string, read: () => Readonly<Record<string, number>>): void {
    new Gauge({
      name: `roomscribe_${name}`,
      help,
      labelNames: [label],
      registers: [this.registry],
      collect() {
        this.reset();
        for (const [key, value] of Object.entries(read())) this.set({ [label]: key }, value);
      },
    });
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
