/** A stretch of session time, in milliseconds. */
export interface Span {
  readonly startMs: number;
  readonly endMs: number;
}
