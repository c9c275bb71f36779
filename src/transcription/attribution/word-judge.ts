import type { SpeakerChannels } from '../../media/speaker-channels.js';
import type { SpeakerTimeline, TrackActivity } from '../../media/speaker-timeline.js';
import { judgeEdges, judgeWord, type WordVerdict } from './word-verdict.js';

/** Decides who spoke a word, given its session times. */
export type WordJudge = (startMs: number, endMs: number) => WordVerdict;

/** By which tracks were active at the time. */
export const byTimeline =
  (timeline: SpeakerTimeline): WordJudge =>
  (startMs, endMs) =>
    judgeEdges(judgeWord(timeline.activity(startMs, endMs)), timeline, startMs, endMs);

/**
 * By whose channel it is, as long as that agrees with which tracks were active: a word in a channel whose speakers were
 * silent while others spoke is an echo of them, or has a wrong channel.
 */
export const byChannel =
  (channel: number, channels: SpeakerChannels, timeline: SpeakerTimeline): WordJudge =>
  (startMs, endMs) => {
    const owners = channels.tracksIn(channel, startMs, endMs);
    const isOwner = ({ trackSid }: TrackActivity): boolean => owners.includes(trackSid);
    const active = timeline.activity(startMs, endMs);
    const activeOwners = active.filter(isOwner);
    if (activeOwners.length > 0) return judgeWord(activeOwners);
    const [only, another] = owners;
    if (active.length === 0 && only !== undefined && another === undefined) return { kind: 'clear', trackSid: only };
    if (active.length === 0) return { kind: 'silent' };
    const candidates = [...owners, ...active.map(({ trackSid }) => trackSid)];
    const speaker = judgeWord(active);
    const isEcho = speaker.kind === 'clear' && hasOwnChannel(speaker.trackSid, channels, startMs, endMs);
    if (isEcho) return { kind: 'echo', of: speaker.trackSid, candidates };
    return { kind: 'ambiguous', candidates, likeliest: undefined };
  };

/** Whether a track shares its channel with no other. */
function hasOwnChannel(trackSid: string, channels: SpeakerChannels, startMs: number, endMs: number): boolean {
  for (let channel = 0; channel < channels.count; channel++) {
    const owners = channels.tracksIn(channel, startMs, endMs);
    if (owners.length === 1 && owners.includes(trackSid)) return true;
  }
  return false;
}
