import type { Utterance } from './speech-to-text.js';

/** What is too doubtful to be shown. All zero: nothing is. */
export class ConfidenceThresholds {
  constructor(
    private readonly limits: {
      readonly minPartialConfidence: number;
      readonly minFinalConfidence: number;
      readonly minUtteranceMs: number;
    } = { minPartialConfidence: 0, minFinalConfidence: 0, minUtteranceMs: 0 },
  ) {}

  /** Noise makes engines hear short words, and unsure ones. */
  isDoubtful({ final, confidence, startMs, endMs }: Utterance): boolean {
    const { minPartialConfidence, minFinalConfidence, minUtteranceMs } = this.limits;
    if (!final) return confidence < minPartialConfidence;
    return confidence < minFinalConfidence || endMs - startMs < minUtteranceMs;
  }
}
