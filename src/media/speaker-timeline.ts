/** How much one track was heard in a stretch of session time. */
export interface TrackActivity {
  readonly trackSid: string;
  /** Mean power of the track's samples as they went into the mix, 0..1 (full scale squared). */
  readonly power: number;
  /** Share of the stretch in which the track carried speech, 0..1. */
  readonly speech: number;
}

/** Who spoke when, on the session clock. Known before mixing, so it needs no guessing from the mix. */
export interface SpeakerTimeline {
  /** Tracks with any speech between two session times, loudest first. Empty when nobody spoke or nothing is kept of it. */
  activity(startMs: number, endMs: number): TrackActivity[];
}
