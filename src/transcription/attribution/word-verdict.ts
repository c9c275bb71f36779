import { powerOfDbfs } from '../../../libs/audio/level.js';
import type { TrackActivity } from '../../media/speaker-timeline.js';

/** By how much one track must be louder than every other, each against its own usual voice, for the word to be its own. */
const CLEARLY = powerOfDbfs(8);
/** With the words around it in the same voice, so much is enough. */
const RATHER = powerOfDbfs(4);

/**
 * Whose word it is, from sound alone.
 * - `clear`: one track was heard, or one far above the others
 * - `doubtful`: several were heard; `leaning` is the one that was heard best, if there is such a one
 * - `echo`: heard in a channel whose speakers were silent, while one with a channel of their own spoke: what leaked there
 * - `silent`: none was heard, so the word's time is off
 */
export type WordVerdict =
  | { readonly kind: 'clear'; readonly trackSid: string }
  | { readonly kind: 'doubtful'; readonly candidates: readonly string[]; readonly leaning: string | undefined }
  | { readonly kind: 'echo'; readonly of: string; readonly candidates: readonly string[] }
  | { readonly kind: 'silent' };

/** @param activity tracks with speech during the word, in any order */
export function judgeWord(activity: readonly TrackActivity[]): WordVerdict {
  const heard = activity.filter(({ speech }) => speech > 0).toSorted((a, b) => b.loudness - a.loudness);
  const [first, second] = heard;
  if (first === undefined) return { kind: 'silent' };
  const lead = first.loudness / (second?.loudness ?? 0);
  if (lead >= CLEARLY) return { kind: 'clear', trackSid: first.trackSid };
  const candidates = heard.map(({ trackSid }) => trackSid);
  return { kind: 'doubtful', candidates, leaning: lead >= RATHER ? first.trackSid : undefined };
}
