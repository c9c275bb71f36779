import type { SpeakerChannels } from '../../media/speaker-channels.js';
import type { SpeakerTimeline, TrackActivity } from '../../media/speaker-timeline.js';
import { judgeWord, type WordVerdict } from './word-verdict.js';

/** An engine's times are a little off; who speaks in a channel is heard around the word, too. */
const AROUND_MS = 200;

/** Whose word it is, said between two session times. */
export type Judge = (startMs: number, endMs: number) => WordVerdict;

/** From who was heard. */
export const byTimeline =
  (timeline: SpeakerTimeline): Judge =>
  (startMs, endMs) =>
    judgeWord(timeline.activity(startMs, endMs));

/**
 * From who has the channel. That is believed only while it fits what was heard: a word in a channel whose speakers were
 * silent while others spoke came from a wrong channel, and is nobody's. An unknown channel says nothing.
 */
export const byChannel =
  (channel: number, channels: SpeakerChannels, timeline: SpeakerTimeline): Judge =>
  (startMs, endMs) => {
    const there = channels.tracksIn(channel, startMs, endMs);
    const isThere = ({ trackSid }: TrackActivity): boolean => there.includes(trackSid);
    const heard = timeline.activity(startMs, endMs);
    const speaking = heard.filter(isThere);
    if (speaking.length > 0) return judgeWord(speaking);
    const around = timeline.activity(startMs - AROUND_MS, endMs + AROUND_MS).filter(isThere);
    if (around.length > 0) return judgeWord(around);
    const [only, another] = there;
    if (heard.length === 0 && only !== undefined && another === undefined) return { kind: 'clear', trackSid: only };
    if (heard.length === 0) return { kind: 'silent' };
    return { kind: 'doubtful', candidates: [...there, ...heard.map(({ trackSid }) => trackSid)], leaning: undefined };
  };
