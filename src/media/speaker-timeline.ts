/** How much one track was heard in a stretch of session time. */
export interface TrackActivity {
  readonly trackSid: string;
  /**
   * Mean power of the track's own speech, relative to how loud it usually speaks: 1 is as loud as ever, whatever the
   * microphone. What leaks in from other people's microphones and what is no speech do not count.
   */
  readonly loudness: number;
  /** Share of the stretch in which the track carried speech of its own, 0..1. */
  readonly speech: number;
}

/** Who spoke when, on the session clock. Known before mixing, so it needs no guessing from the mix. */
export interface SpeakerTimeline {
  /** Tracks with any speech between two session times, loudest first. Empty when nobody spoke or nothing is kept of it. */
  activity(startMs: number, endMs: number): TrackActivity[];
}
