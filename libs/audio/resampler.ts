/** The largest input of one call. */
export const MAX_INPUT_BYTES = 65_536 + 4;

/** Resamples one track from the source's rate and channels to 16 kHz mono. */
export interface Resampler {
  /** The caller puts S16LE bytes here before `resample`; shared by all tracks, valid until the next call. */
  readonly input: Uint8Array;
  /** Consumes `count` sample frames (one sample of each channel) from `input`. The next call overwrites the result. */
  resample(count: number): Int16Array;
  /** Releases the track's state. */
  close(): void;
}
