/** A word of a recording, with its place in the recording. */
export interface RecordedWord {
  readonly text: string;
  readonly startMs: number;
  readonly endMs: number;
}

/** One sentence, spoken by one of the sandbox's voices. */
export interface Recording {
  readonly id: string;
  /** Identity of the speaker, e.g. `alice`; `Alice` is the display name. */
  readonly speaker: string;
  /** ISO 639-1. */
  readonly language: string;
  readonly text: string;
  readonly words: readonly RecordedWord[];
  /** 16 kHz mono S16. */
  readonly samples: Int16Array;
}
