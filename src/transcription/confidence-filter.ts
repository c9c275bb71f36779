import type { ConfidenceThresholds } from './confidence-thresholds.js';
import type { Insight, SpeechListener, SpeechReport, Translation, Utterance } from './speech-to-text.js';
import type { TranscriptionMetrics } from './transcription-metrics.js';

/** Stands before a session's listener: counts what happens, and keeps back what is too doubtful to be shown. */
export class ConfidenceFilter implements SpeechListener {
  readonly #shown = new Set<string>();
  #reconnects = 0;

  constructor(
    private readonly next: SpeechListener,
    private readonly doubts: ConfidenceThresholds,
    private readonly metrics: TranscriptionMetrics | undefined,
    /** How far the session's sound has come, in milliseconds of its clock. */
    private readonly heardUntilMs: () => number,
  ) {}

  /** A doubtful final takes back the partials that were shown of it. */
  utterance(utterance: Utterance): void {
    const { id, final } = utterance;
    if (final) this.metrics?.final(this.heardUntilMs() - utterance.endMs);
    if (!this.doubts.isDoubtful(utterance)) {
      if (final) this.#shown.delete(id);
      else this.#shown.add(id);
      this.next.utterance(utterance);
    } else if (final && this.#shown.delete(id)) {
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
