/** What is spoken in a session, and what it is to be translated into. ISO 639-1 codes, as Gladia takes them. */
export interface SpeechLanguages {
  /** Empty: detect. One: fixed. Several: switch among these. */
  readonly spoken: readonly string[];
  readonly translateTo: readonly string[];
}
