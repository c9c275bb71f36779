import { describe, expect, it } from '@jest/globals';
import type { SpeakerTimeline } from '../../media/speaker-timeline.js';
import { judgeEdges } from './word-edges.js';
import type { WordVerdict } from './word-verdict.js';

const DOUBTFUL: WordVerdict = { kind: 'doubtful', candidates: ['A', 'B'], leaning: undefined };

/** `A` and `B` are heard alone, `x` is both; one letter is 100 ms. */
const timelineOf = (letters: string): SpeakerTimeline => ({
  activity: (startMs, endMs) => {
    const heard = letters.slice(startMs / 100, endMs / 100);
    return ['A', 'B']
      .filter((trackSid) => heard.includes(trackSid) || heard.includes('x'))
      .map((trackSid) => ({ trackSid, loudness: 1, speech: 1 }));
  },
});

describe('the edges of a word', () => {
  it.each([
    ['who began it alone', 'AAxx', 'A'],
    ['who ended it alone', 'xxBB', 'B'],
    ['who was there at both ends', 'AAxxAA', 'A'],
    ['nobody where its ends disagree', 'AAxxBB', undefined],
    ['nobody where both were there all the time', 'xxxx', undefined],
    ['nobody where one was alone for a moment only', 'Axxx', undefined],
    ['nobody in a word too short to have two ends', 'A', undefined],
  ])('give it to %s', (_, letters, trackSid) => {
    const verdict = judgeEdges(DOUBTFUL, timelineOf(letters), 0, letters.length * 100);
    expect(verdict).toEqual(trackSid === undefined ? DOUBTFUL : { kind: 'clear', trackSid });
  });

  it('leave a clear word as it is', () => {
    expect(judgeEdges({ kind: 'clear', trackSid: 'B' }, timelineOf('AAAA'), 0, 400)).toEqual({
      kind: 'clear',
      trackSid: 'B',
    });
  });
});
