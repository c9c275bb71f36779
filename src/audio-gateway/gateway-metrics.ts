import type { Counter } from 'prom-client';
import type { Metrics } from '../metrics/metrics.js';

/** What the gateway counts. Nothing here is called per frame. */
export class GatewayMetrics {
  readonly #nonsense: Counter<'kind'>;
  readonly #frames: Counter;

  constructor(metrics: Metrics, connected: () => number) {
    this.#nonsense = metrics.counter('audio_nonsense_total', 'audio sockets closed for what they sent', ['kind']);
    this.#frames = metrics.counter('audio_frames_total', 'audio frames of sockets that have closed');
    metrics.gauge('audio_sockets', 'open audio sockets', connected);
  }

  nonsense(kind: string): void {
    this.#nonsense.inc({ kind });
  }

  frames(count: number): void {
    this.#frames.inc(count);
  }
}
