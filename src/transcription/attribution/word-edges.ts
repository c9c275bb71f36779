import type { SpeakerTimeline, TrackActivity } from '../../media/speaker-timeline.js';
import type { WordVerdict } from './word-verdict.js';

/** Longer than an engine's times are off, so that who speaks alone for so long at an end of a word is in the word. */
const EDGE_MS = 200;

/**
 * Whose word it is in which several were heard: who began it alone, or ended it alone. Others came in, or were still there, but
 * a word has one speaker from its beginning to its end. Where its ends disagree it stays doubtful.
 */
export function judgeEdges(
  doubtful: WordVerdict,
  timeline: SpeakerTimeline,
  startMs: number,
  endMs: number,
): WordVerdict {
  if (doubtful.kind !== 'doubtful' || endMs - startMs < EDGE_MS) return doubtful;
  const edges = [timeline.activity(startMs, startMs + EDGE_MS), timeline.activity(endMs - EDGE_MS, endMs)];
  const [only, another] = [...new Set(edges.flatMap(alone))];
  return only !== undefined && another === undefined ? { kind: 'clear', trackSid: only } : doubtful;
}

const alone = ([first, second]: readonly TrackActivity[]): string[] =>
  first !== undefined && second === undefined ? [first.trackSid] : [];
