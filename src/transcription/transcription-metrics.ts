import { Injectable } from '@nestjs/common';
import type { Counter, Histogram } from 'prom-client';
import { Metrics } from '../metrics/metrics.js';
import type { SpeechReport, SpeechState } from './speech-to-text.js';

/** From the delay of a partial to that of the last final of a long backlog. */
const DELAY_BUCKETS_S = [0.25, 0.5, 0.75, 1, 1.5, 2, 3, 5, 10, 30, 120];

/** The Prometheus metrics of speech to text. */
@Injectable()
export class TranscriptionMetrics {
  readonly #finals: Counter;
  readonly #reconnects: Counter;
  readonly #gaps: Counter;
  readonly #delay: Histogram;

  constructor(private readonly metrics: Metrics) {
    this.#finals = metrics.counter('speech_finals_total', 'utterances that became final');
    this.#reconnects = metrics.counter('speech_reconnects_total', 'connections to the engine that were lost');
    this.#gaps = metrics.counter('speech_gap_seconds_total', 'audio that was never transcribed');
    this.#delay = metrics.histogram(
      'speech_final_delay_seconds',
      'from the end of an utterance to its final',
      DELAY_BUCKETS_S,
    );
  }

  /** Registers the gauges; `reports` is called at each scrape. */
  observe(reports: () => readonly SpeechReport[]): void {
    const inState = (...states: SpeechState[]) => reports().filter(({ state }) => states.includes(state)).length;
    const backlogMs = () => reports().reduce((sum, { counters }) => sum + counters.backlogMs, 0);
    const longestMs = (of: 'roundTripMs' | 'unacknowledgedMs') =>
      Math.max(0, ...reports().map(({ acknowledgment }) => acknowledgment?.[of] ?? 0));
    this.metrics.gauge('speech_sessions_open', 'sessions that are being transcribed', () =>
      inState('live', 'draining'),
    );
    this.metrics.gauge('speech_sessions_waiting', 'sessions that wait for a free session of the engine', () =>
      inState('waiting-for-slot'),
    );
    this.metrics.gauge(
      'speech_backlog_seconds',
      'audio that was received and is not sent yet',
      () => backlogMs() / 1000,
    );
    this.metrics.gauge(
      'speech_round_trip_seconds',
      'from sending audio to the acknowledgment of the engine, in the slowest session',
      () => longestMs('roundTripMs') / 1000,
    );
    this.metrics.gauge(
      'speech_unacknowledged_seconds',
      'audio that was sent and is not acknowledged, in the session with most of it',
      () => longestMs('unacknowledgedMs') / 1000,
    );
  }

  final(delayMs: number): void {
    this.#finals.inc();
    this.#delay.observe(Math.max(0, delayMs) / 1000);
  }

  reconnected(times: number): void {
    if (times > 0) this.#reconnects.inc(times);
  }

  gap(ms: number): void {
    this.#gaps.inc(Math.max(0, ms) / 1000);
  }
}
