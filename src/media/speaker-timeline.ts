/** The speech of one track in a stretch of session time. */
export interface TrackActivity {
  readonly trackSid: string;
  /**
   * Mean power of the track's own speech relative to its usual power, so that microphones compare: 1 is as loud as usual.
   * Crosstalk from other speakers and sound that is no speech do not count.
   */
  readonly loudness: number;
  /** Share of the stretch in which the track has speech of its own, 0..1. */
  readonly speech: number;
}

/** Who spoke when, on the session clock. Measured on each track before mixing, so nothing has to be separated later. */
export interface SpeakerTimeline {
  /** Tracks with speech between two session times, loudest first. Empty when nobody spoke or the time is too long ago. */
  activity(startMs: number, endMs: number): TrackActivity[];
}
