import { powerOfDbfs } from '../../../libs/audio/level.js';
import type { SpeakerTimeline, TrackActivity } from '../../media/speaker-timeline.js';

/** A word belongs to a track that is louder than every other by this much, each measured against its own usual level. */
const CLEAR_LEAD = powerOfDbfs(8);
/** Where the words around it are of the same track, this much is enough. */
const LIKELY_LEAD = powerOfDbfs(4);

/** Longer than the error of an engine's word times: whoever speaks alone this long at an edge of a word is its speaker. */
const EDGE_MS = 200;

/**
 * Who spoke a word, by the audio of the tracks alone.
 * - `clear`: one track was active, or one far louder than the others
 * - `ambiguous`: several were active; `likeliest` is the loudest, if it leads by enough
 * - `echo`: in a channel whose speakers were silent while somebody with a channel of their own spoke: it leaked from there
 * - `silent`: no track was active, so the time of the word is wrong
 */
export type WordVerdict =
  | { readonly kind: 'clear'; readonly trackSid: string }
  | { readonly kind: 'ambiguous'; readonly candidates: readonly string[]; readonly likeliest: string | undefined }
  | { readonly kind: 'echo'; readonly of: string; readonly candidates: readonly string[] }
  | { readonly kind: 'silent' };

/** @param activity tracks with speech during the word, in any order */
export function judgeWord(activity: readonly TrackActivity[]): WordVerdict {
  const active = activity.filter(({ speech }) => speech > 0).toSorted((a, b) => b.loudness - a.loudness);
  const [first, second] = active;
  if (first === undefined) return { kind: 'silent' };
  const lead = first.loudness / (second?.loudness ?? 0);
  if (lead >= CLEAR_LEAD) return { kind: 'clear', trackSid: first.trackSid };
  const candidates = active.map(({ trackSid }) => trackSid);
  return { kind: 'ambiguous', candidates, likeliest: lead >= LIKELY_LEAD ? first.trackSid : undefined };
}

/**
 * Decides an ambiguous word by its edges: it belongs to who began it alone, or ended it alone, since a word has one speaker
 * while others may start or stop during it. Where the edges disagree it stays ambiguous.
 */
export function judgeEdges(
  verdict: WordVerdict,
  timeline: SpeakerTimeline,
  startMs: number,
  endMs: number,
): WordVerdict {
  if (verdict.kind !== 'ambiguous' || endMs - startMs < EDGE_MS) return verdict;
  const edges = [timeline.activity(startMs, startMs + EDGE_MS), timeline.activity(endMs - EDGE_MS, endMs)];
  const [only, another] = [...new Set(edges.flatMap(alone))];
  return only !== undefined && another === undefined ? { kind: 'clear', trackSid: only } : verdict;
}

const alone = ([first, second]: readonly TrackActivity[]): string[] =>
  first !== undefined && second === undefined ? [first.trackSid] : [];
