/** A word that was verified in the sound. */
export interface HeardWord {
  readonly text: string;
  /** Milliseconds of the stream. */
  readonly startMs: number;
  readonly endMs: number;
  /** Normalised correlation with the recording, 0..1. */
  readonly confidence: number;
  readonly language: string;
  /** The sentence it belongs to, and when that one will have been said. */
  readonly recordingId: string;
  readonly sentenceEndMs: number;
}
