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

const active = (...trackSids: string[]): SpeakerTimeline => ({
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
    ['whose channel it is, too faint to count as active', 0, [], 'alice', []],
    ['the one of those who share it who spoke', 2, ['dave', 'alice'], 'dave', []],
    ['nobody, where two who share it spoke', 2, ['carol', 'dave'], null, ['carol', 'dave']],
    ['nobody, where the channel’s speaker was silent and another spoke', 1, ['alice'], null, ['bob', 'alice']],
    ['who was active, where the channel is missing', undefined, ['alice'], 'alice', []],
    ['who was active, where there is no such channel', 9, ['bob'], 'bob', []],
    ['nobody, where a word is in a shared channel and nobody was active', 2, [], null, []],
  ])('names %s', (_, channel, speaking, trackSid, candidates) => {
    expect(attribute(said(channel), active(...speaking), { channels, confirmed: new Set() })).toMatchObject([
      { trackSid, candidates },
    ]);
  });

  it('leaves out the echo of those who were transcribed in their own channel before, and of nobody else', () => {
    const confirmed = new Set(['alice']);
    expect(attribute(said(1), active('alice'), { channels, confirmed })).toEqual([]);
    expect(attribute(said(0), active('bob'), { channels, confirmed })).toMatchObject([{ trackSid: null }]);
    expect(attribute(said(1), active('carol'), { channels, confirmed: new Set(['carol']) })).toMatchObject([
      { trackSid: null, candidates: ['bob', 'carol'] },
    ]);
  });

  it('keeps words of the channel’s speaker between echoes', () => {
    const inTurn: SpeakerTimeline = {
      activity: (startMs) => [
        { trackSid: startMs > 1_150 && startMs < 1_300 ? 'bob' : 'alice', loudness: 1, speech: 1 },
      ],
    };
    const parts = attribute(said(1), inTurn, { channels, confirmed: new Set(['alice']) });
    expect(parts.map(({ trackSid, text }) => [trackSid, text])).toEqual([['bob', 'it']]);
  });
});
