/** The largest piece that is resampled in one call. */
export const MAX_INPUT_BYTES = 65_536 + 4;

/** One track's way from the source's rate and channels to 16 kHz mono. */
export interface Resampler {
  /** Where the caller puts S16LE bytes before `resample`; shared by all tracks, valid until the next call. */
  readonly input: Uint8Array;
  /** Consumes that many instants (one sample of each channel) from `input`. The view is reused by the next call. */
  resample(instants: number): Int16Array;
  close(): void;
}
