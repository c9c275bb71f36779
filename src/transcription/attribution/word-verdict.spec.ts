import { describe, expect, it } from '@jest/globals';
import type { SpeakerTimeline } from '../../media/speaker-timeline.js';
import { judgeEdges, type WordVerdict } from './word-verdict.js';

const AMBIGUOUS: WordVerdict = { kind: 'ambiguous', candidates: ['A', 'B'], likeliest: undefined };

/** `A` and `B` speak alone, `x` is both; one letter is 100 ms. */
const timelineOf = (letters: string): SpeakerTimeline => ({
  activity: (startMs, endMs) => {
    const spoken = letters.slice(startMs / 100, endMs / 100);
    return ['A', 'B']
      .filter((trackSid) => spoken.includes(trackSid) || spoken.includes('x'))
      .map((trackSid) => ({ trackSid, loudness: 1, speech: 1 }));
  },
});

describe('judgeEdges', () => {
  it.each([
    ['who began it alone', 'AAxx', 'A'],
    ['who ended it alone', 'xxBB', 'B'],
    ['who was there at both ends', 'AAxxAA', 'A'],
    ['nobody where its edges disagree', 'AAxxBB', undefined],
    ['nobody where both were there all the time', 'xxxx', undefined],
    ['nobody where one was alone for a moment only', 'Axxx', undefined],
    ['nobody in a word too short to have two ends', 'A', undefined],
  ])('gives the word to %s', (_, letters, trackSid) => {
    const verdict = judgeEdges(AMBIGUOUS, timelineOf(letters), 0, letters.length * 100);
    expect(verdict).toEqual(trackSid === undefined ? AMBIGUOUS : { kind: 'clear', trackSid });
  });

  it('leave a clear word as it is', () => {
    expect(judgeEdges({ kind: 'clear', trackSid: 'B' }, timelineOf('AAAA'), 0, 400)).toEqual({
      kind: 'clear',
      trackSid: 'B',
    });
  });
});
