import type { TrackActivity } from '../../media/speaker-timeline.js';

/** By how much one track must be louder than every other to be the one whose word it is. */
const DOMINANT_DB = 7;
const DOMINANT_POWER_RATIO = 10 ** (DOMINANT_DB / 10);

/**
 * Whose word it is, from sound alone.
 * - `clear`: one track was heard, or one far above the others
 * - `doubtful`: several were heard about as loud
 * - `silent`: none was heard, so the word's time is off
 */
export type WordVerdict =
  | { readonly kind: 'clear'; readonly trackSid: string }
  | { readonly kind: 'doubtful'; readonly candidates: readonly string[] }
  | { readonly kind: 'silent' };

/** @param activity tracks with speech during the word */
export function judgeWord(activity: readonly TrackActivity[]): WordVerdict {
  const [first, second] = activity.filter((track) => track.speech > 0).sort((a, b) => b.power - a.power);
  if (first === undefined) return { kind: 'silent' };
  if (second === undefined || (first.power > 0 && first.power >= second.power * DOMINANT_POWER_RATIO)) {
    return { kind: 'clear', trackSid: first.trackSid };
  }
  return { kind: 'doubtful', candidates: activity.filter((track) => track.speech > 0).map((track) => track.trackSid) };
}
