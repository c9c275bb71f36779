import { describe, expect, it } from '@jest/globals';
import type { SpeakerChannels } from '../../media/speaker-channels.js';
import type { SpeakerTimeline } from '../../media/speaker-timeline.js';
import type { Utterance } from '../speech-to-text.js';
import { attribute } from './attribute.js';

/** Alice has channel 0, Bob channel 1, Carol and Dave share channel 2. */
const channels: SpeakerChannels = {
  count: 3,
  tracksIn: (channel) => [['alice'], ['bob'], ['carol', 'dave']][channel] ?? [],
};

const heard = (...trackSids: string[]): SpeakerTimeline => ({
  activity: () => trackSids.map((trackSid) => ({ trackSid, loudness: 0.5, speech: 1 })),
});

const said = (channel: number | undefined): Utterance => ({
  id: '1',
  final: true,
  text: 'so it is',
  language: 'en',
  confidence: 1,
  channel,
  startMs: 1_000,
  endMs: 1_600,
  words: ['so', 'it', 'is'].map((text, i) => ({
    text,
    startMs: 1_000 + 200 * i,
    endMs: 1_200 + 200 * i,
    confidence: 1,
  })),
});

describe('attribution by channel', () => {
  it.each<[string, number | undefined, string[], string | null, string[]]>([
    ['whose channel it is, alone', 0, ['alice'], 'alice', []],
    ['whose channel it is, with others talking over it', 1, ['alice', 'bob', 'carol'], 'bob', []],
    ['whose channel it is, too faint for us to hear', 0, [], 'alice', []],
    ['the one of those who share it who spoke', 2, ['dave', 'alice'], 'dave', []],
    ['nobody, where two who share it spoke', 2, ['carol', 'dave'], null, ['carol', 'dave']],
    ['nobody, where the channel’s speaker was silent and another spoke', 1, ['alice'], null, ['bob', 'alice']],
    ['who was heard, where the channel is missing', undefined, ['alice'], 'alice', []],
    ['who was heard, where there is no such channel', 9, ['bob'], 'bob', []],
    ['nobody, where a shared channel speaks and nobody was heard', 2, [], null, []],
  ])('names %s', (_, channel, speaking, trackSid, candidates) => {
    expect(attribute(said(channel), heard(...speaking), { channels, proven: new Set() })).toMatchObject([
      { trackSid, candidates },
    ]);
  });

  it('leaves out the echo of who was heard in the own channel before, and only of those', () => {
    const proven = new Set(['alice']);
    expect(attribute(said(1), heard('alice'), { channels, proven })).toEqual([]);
    expect(attribute(said(0), heard('bob'), { channels, proven })).toMatchObject([{ trackSid: null }]);
    expect(attribute(said(1), heard('carol'), { channels, proven: new Set(['carol']) })).toMatchObject([
      { trackSid: null, candidates: ['bob', 'carol'] },
    ]);
  });

  it('keeps the own words between echoes', () => {
    const inTurn: SpeakerTimeline = {
      activity: (startMs) => [
        { trackSid: startMs > 1_150 && startMs < 1_300 ? 'bob' : 'alice', loudness: 1, speech: 1 },
      ],
    };
    const parts = attribute(said(1), inTurn, { channels, proven: new Set(['alice']) });
    expect(parts.map(({ trackSid, text }) => [trackSid, text])).toEqual([['bob', 'it']]);
  });
});
