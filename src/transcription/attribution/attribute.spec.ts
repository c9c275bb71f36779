import { describe, expect, it } from '@jest/globals';
import type { SpeakerTimeline, TrackActivity } from '../../media/speaker-timeline.js';
import type { Utterance } from '../speech-to-text.js';
import { attribute } from './attribute.js';
import { judgeWord } from './word-verdict.js';

/**
 * `A` and `B` speak alone, `x` is both equally loud, `a` is A far above B, `l` is A somewhat above B, `.` is silence; one
 * letter is 100 ms.
 */
const timelineOf = (letters: string): SpeakerTimeline => ({
  activity: (startMs) => ACTIVITY[letters[Math.floor(startMs / 100)] ?? '.'] ?? [],
});

const track = (trackSid: string, loudness: number): TrackActivity => ({ trackSid, loudness, speech: 1 });
const ACTIVITY: Record<string, TrackActivity[]> = {
  A: [track('TR_A', 0.1)],
  B: [track('TR_B', 0.1)],
  x: [track('TR_A', 0.1), track('TR_B', 0.08)],
  l: [track('TR_A', 0.1), track('TR_B', 0.03)],
  a: [track('TR_A', 0.1), track('TR_B', 0.01)],
};

/** One word per 100 ms. */
const said = (text: string, words = text.split(' ')): Utterance => ({
  id: '1',
  final: true,
  text,
  language: 'en',
  confidence: 0.9,
  startMs: 0,
  endMs: words.length * 100,
  words: words.map((word, i) => ({ text: word, startMs: i * 100, endMs: i * 100 + 100, confidence: i % 2 ? 0.6 : 1 })),
});

const parts = (text: string, letters: string): string[] =>
  attribute(said(text), timelineOf(letters)).map(
    (part) => `${part.trackSid ?? `?${part.candidates.join('+')}`}: ${part.text}`,
  );

describe('attribute', () => {
  it('gives an utterance of one speaker to that speaker, as it was written', () => {
    expect(attribute(said('Hello there.', ['Hello', 'there']), timelineOf('AA'))).toEqual([
      expect.objectContaining({ trackSid: 'TR_A', text: 'Hello there.', confidence: 0.9, startMs: 0, endMs: 200 }),
    ]);
  });

  it('splits where the speaker changes, with the times and confidence of each part', () => {
    const [first, second] = attribute(said('Are you well? Yes, I am.'), timelineOf('AAABBB'));
    expect(first).toMatchObject({ trackSid: 'TR_A', text: 'Are you well?', startMs: 0, endMs: 300 });
    expect(second).toMatchObject({ trackSid: 'TR_B', text: 'Yes, I am.', startMs: 300, endMs: 600 });
    expect(first!.confidence).toBeCloseTo(2.6 / 3);
  });

  it.each([
    ['a much louder track wins', 'one two', 'aa', ['TR_A: one two']],
    [
      'an ambiguous word goes to the clear speaker beside it who is louder',
      'one two three',
      'AlA',
      ['TR_A: one two three'],
    ],
    ['an ambiguous start goes to the clear speaker after it who is louder', 'one two', 'lA', ['TR_A: one two']],
    ['where neither is louder it stays ambiguous', 'one two three', 'AxA', ['TR_A: one three', '?TR_A+TR_B: two']],
    ['a louder one who is not beside it does not get it', 'one two', 'lB', ['?TR_A+TR_B: one', 'TR_B: two']],
    [
      'between two clear speakers it stays ambiguous',
      'one two three',
      'AxB',
      ['TR_A: one', '?TR_A+TR_B: two', 'TR_B: three'],
    ],
    ['both all the time', 'one two', 'xx', ['?TR_A+TR_B: one two']],
    ['a silent word goes where its neighbour went', 'one two three', 'A.B', ['TR_A: one two', 'TR_B: three']],
    ['a silent start goes where the next went', 'one two', '.B', ['TR_B: one two']],
    ['nobody was active', 'one two', '..', ['?: one two']],
  ])('%s', (_, text, letters, expected) => {
    expect(parts(text, letters)).toEqual(expected);
  });

  it.each([
    ['an interjection', 'I think yes, we do.', 'AABAA', ['TR_A: I think we do.', 'TR_B: yes,']],
    ['an interjection of two words', 'I think oh yes, we do.', 'AABBAA', ['TR_A: I think we do.', 'TR_B: oh yes,']],
    [
      'a real change',
      'Shall we? Yes of course. Good.',
      'AABBBA',
      ['TR_A: Shall we?', 'TR_B: Yes of course.', 'TR_A: Good.'],
    ],
    ['two at once', 'one uno two due three', 'ABABA', ['TR_A: one two three', 'TR_B: uno due']],
    ['an interjection at the end, so far', 'I think yes,', 'AAB', ['TR_A: I think', 'TR_B: yes,']],
  ])('keeps sentences whole: %s', (_, text, letters, expected) => {
    expect(parts(text, letters)).toEqual(expected);
  });

  it('judges an utterance without words as a whole, and spreads its words', () => {
    const utterance = { ...said('one two'), words: [], startMs: 100, endMs: 300 };
    const [part, ...more] = attribute(utterance, timelineOf('.BB'));
    expect(more).toEqual([]);
    expect(part).toMatchObject({ trackSid: 'TR_B', text: 'one two', startMs: 100, endMs: 300 });
    expect(part!.words.map(({ text, startMs, endMs }) => [text, startMs, endMs])).toEqual([
      ['one', 100, 200],
      ['two', 200, 300],
    ]);
  });

  it('cuts a text without spaces where the words meet', () => {
    const [first, second] = attribute(said('你好世界。', ['你好', '世界']), timelineOf('AB'));
    expect([first!.text, second!.text]).toEqual(['你好', '世界。']);
  });

  it('joins words that the text does not hold', () => {
    expect(attribute(said('1 2', ['one', 'two', 'three']), timelineOf('ABB')).map(({ text }) => text)).toEqual([
      'one',
      'two three',
    ]);
  });

  it('finds no parts in an empty utterance', () => {
    expect(attribute(said('', []), timelineOf('A'))).toEqual([]);
  });
});

describe('judgeWord', () => {
  it('ignores tracks without speech and needs 8 dB to be sure', () => {
    expect(judgeWord([{ trackSid: 'TR_A', loudness: 1, speech: 0 }])).toEqual({ kind: 'silent' });
    expect(judgeWord([track('TR_A', 0.1), track('TR_B', 0.017)])).toMatchObject({
      kind: 'ambiguous',
      likeliest: 'TR_A',
    });
    expect(judgeWord([track('TR_A', 0.1), track('TR_B', 0.06)])).toMatchObject({
      kind: 'ambiguous',
      likeliest: undefined,
    });
    expect(judgeWord([track('TR_B', 0.015), track('TR_A', 0.1)])).toEqual({ kind: 'clear', trackSid: 'TR_A' });
  });
});
