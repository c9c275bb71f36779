/** A word of an utterance; milliseconds of the stream. */
export interface UtteranceWord {
  readonly text: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly confidence: number;
}

/** What was said, as far as it was recognised; partials and final of one utterance share the `id`. */
export interface Utterance {
  /** Counts up from 0 in a stream. */
  readonly id: number;
  readonly startMs: number;
  readonly endMs: number;
  /** Undefined for speech that was not understood. */
  readonly language: string | undefined;
  readonly confidence: number;
  readonly words: readonly UtteranceWord[];
}

/** What a recogniser emits. */
export type RecogniserEvent =
  | { readonly type: 'speech-start'; readonly atMs: number }
  | { readonly type: 'speech-end'; readonly atMs: number }
  | { readonly type: 'partial'; readonly utterance: Utterance }
  | { readonly type: 'final'; readonly utterance: Utterance };

/** How utterances are closed and emitted; milliseconds of the stream. */
export interface UtteranceOptions {
  /** Silence that closes an utterance. */
  readonly endpointingMs: number;
  /** Length at which it is closed anyway. */
  readonly maximumMs: number;
  readonly partialEveryMs: number;
  /** From the closing to the final. */
  readonly finalDelayMs: number;
}
