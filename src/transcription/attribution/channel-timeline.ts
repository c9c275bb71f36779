import type { SpeakerChannels } from '../../media/speaker-channels.js';
import type { SpeakerTimeline, TrackActivity } from '../../media/speaker-timeline.js';
import { judgeEdges } from './word-edges.js';
import { judgeWord, type WordVerdict } from './word-verdict.js';

/** Whose word it is, said between two session times. */
export type Judge = (startMs: number, endMs: number) => WordVerdict;

/** From who was heard. */
export const byTimeline =
  (timeline: SpeakerTimeline): Judge =>
  (startMs, endMs) =>
    judgeEdges(judgeWord(timeline.activity(startMs, endMs)), timeline, startMs, endMs);

/**
 * From who has the channel. That is believed only while it fits what was heard: a word in a channel whose speakers were
 * silent while others spoke is an echo of them, or came from a wrong channel. An unknown channel says nothing.
 */
export const byChannel =
  (channel: number, channels: SpeakerChannels, timeline: SpeakerTimeline): Judge =>
  (startMs, endMs) => {
    const there = channels.tracksIn(channel, startMs, endMs);
    const isThere = ({ trackSid }: TrackActivity): boolean => there.includes(trackSid);
    const heard = timeline.activity(startMs, endMs);
    const speaking = heard.filter(isThere);
    if (speaking.length > 0) return judgeWord(speaking);
    const [only, another] = there;
    if (heard.length === 0 && only !== undefined && another === undefined) return { kind: 'clear', trackSid: only };
    if (heard.length === 0) return { kind: 'silent' };
    const candidates = [...there, ...heard.map(({ trackSid }) => trackSid)];
    const clear = judgeWord(heard);
    const isEcho = clear.kind === 'clear' && hasOwn(clear.trackSid, channels, startMs, endMs);
    if (isEcho) return { kind: 'echo', of: clear.trackSid, candidates };
    return { kind: 'doubtful', candidates, leaning: undefined };
  };

/** Whether a track has a channel to itself. */
function hasOwn(trackSid: string, channels: SpeakerChannels, startMs: number, endMs: number): boolean {
  for (let channel = 0; channel < channels.count; channel++) {
    const there = channels.tracksIn(channel, startMs, endMs);
    if (there.length === 1 && there.includes(trackSid)) return true;
  }
  return false;
}
