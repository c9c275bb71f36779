import type { Insight, SpeechListener, SpeechReport, Translation, Utterance } from './speech-to-text.js';
import type { TranscriptionMetrics } from './transcription-metrics.js';

/** What is too uncertain to be published: engines take noise for short words of low confidence. All zero: nothing is. */
export class ConfidenceThresholds {
  constructor(
    private readonly limits: {
      readonly minPartialConfidence: number;
      readonly minFinalConfidence: number;
      readonly minUtteranceMs: number;
    } = { minPartialConfidence: 0, minFinalConfidence: 0, minUtteranceMs: 0 },
  ) {}

  rejects({ final, confidence, startMs, endMs }: Utterance): boolean {
    const { minPartialConfidence, minFinalConfidence, minUtteranceMs } = this.limits;
    if (!final) return confidence < minPartialConfidence;
    return confidence < minFinalConfidence || endMs - startMs < minUtteranceMs;
  }
}

/** Passes an engine's output on to the session's listener, except for utterances of low confidence, and counts it. */
export class ConfidenceFilter implements SpeechListener {
  /** Utterances with partials that were passed on. */
  readonly #open = new Set<string>();
  #reconnects = 0;

  constructor(
    private readonly next: SpeechListener,
    private readonly thresholds: ConfidenceThresholds,
    private readonly metrics: TranscriptionMetrics | undefined,
    /** The session time up to which audio was received. */
    private readonly receivedUntilMs: () => number,
  ) {}

  /** A final of low confidence retracts the partials that were passed on: it is passed on without text. */
  utterance(utterance: Utterance): void {
    const { id, final } = utterance;
    if (final) this.metrics?.final(this.receivedUntilMs() - utterance.endMs);
    if (!this.thresholds.rejects(utterance)) {
      if (final) this.#open.delete(id);
      else this.#open.add(id);
      this.next.utterance(utterance);
    } else if (final && this.#open.delete(id)) {
      this.next.utterance({ ...utterance, text: '', words: [] });
    }
  }

  translation(translation: Translation): void {
    this.next.translation(translation);
  }

  insight(insight: Insight): void {
    this.next.insight(insight);
  }

  stateChanged(report: SpeechReport): void {
    this.metrics?.reconnected(report.counters.reconnects - this.#reconnects);
    this.#reconnects = report.counters.reconnects;
    this.next.stateChanged(report);
  }

  gap(startMs: number, endMs: number): void {
    this.metrics?.gap(endMs - startMs);
    this.next.gap(startMs, endMs);
  }
}
