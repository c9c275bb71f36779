import { Injectable } from '@nestjs/common';
import type { Counter, Histogram } from 'prom-client';
import { Metrics } from '../metrics/metrics.js';
import type { SpeechReport, SpeechState } from './speech-to-text.js';

/** From a partial's pace to the end of a drain. */
const DELAY_BUCKETS_S = [0.25, 0.5, 0.75, 1, 1.5, 2, 3, 5, 10, 30, 120];

/** What Prometheus is told of speech to text. */
@Injectable()
export class TranscriptionMetrics {
  readonly #finals: Counter;
  readonly #reconnects: Counter;
  readonly #gaps: Counter;
  readonly #delay: Histogram;

  constructor(private readonly metrics: Metrics) {
    this.#finals = metrics.counter('speech_finals_total', 'utterances that became final');
    this.#reconnects = metrics.counter('speech_reconnects_total', 'connections to the engine that were lost');
    this.#gaps = metrics.counter('speech_gap_seconds_total', 'sound that was never transcribed');
    this.#delay = metrics.histogram(
      'speech_final_delay_seconds',
      'from the end of an utterance to its final',
      DELAY_BUCKETS_S,
    );
  }

  /** Reads the sessions that are being transcribed whenever somebody scrapes. */
  follow(reports: () => readonly SpeechReport[]): void {
    const inState = (...states: SpeechState[]) => reports().filter(({ state }) => states.includes(state)).length;
    const backlogMs = () => reports().reduce((sum, { counters }) => sum + counters.backlogMs, 0);
    this.metrics.gauge('speech_sessions_open', 'sessions that the engine hears', () => inState('live', 'draining'));
    this.metrics.gauge('speech_sessions_waiting', 'sessions in line for the engine', () => inState('waiting-for-slot'));
    this.metrics.gauge('speech_backlog_seconds', 'sound that was taken in and not yet sent', () => backlogMs() / 1000);
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
