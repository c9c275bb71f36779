import { describe, expect, it } from '@jest/globals';
import { WordDeduplicator, type PlacedWord } from './word-deduplicator.js';

/** A word that the server heard so much later than it was said, at its start and at its end. */
function word(
  text: string,
  [startMs, endMs]: [number, number],
  { isExpected = true, later = 0, laterAtEnd = 0, channel = 0 } = {},
): PlacedWord {
  return { text, startMs, endMs, channel, laterMs: [later, laterAtEnd], isExpected };
}

describe('words of sound that was sent twice', () => {
  it('are told where they are expected', () => {
    const hearings = new WordDeduplicator();
    expect(
      hearings.choose([word('a', [0, 300]), word('a', [0, 300], { later: 500, laterAtEnd: 500, isExpected: false })]),
    ).toEqual([true, false]);
  });

  it('are told where they are not, when no other hearing has them', () => {
    const hearings = new WordDeduplicator();
    expect(hearings.choose([word('a', [0, 300]), word('b', [300, 600], { isExpected: false })])).toEqual([true, true]);
  });

  it('are left to an utterance that is under way, in the same channel', () => {
    const hearings = new WordDeduplicator();
    hearings.received('1', [word('b', [350, 640], { later: 500, laterAtEnd: 500 })]);
    expect(hearings.choose([word('b', [300, 600], { isExpected: false })])).toEqual([false]);
    expect(hearings.choose([word('b', [300, 600], { isExpected: false, channel: 1 })])).toEqual([true]);
  });

  it('are not left to what was heard of the same utterance before', () => {
    const hearings = new WordDeduplicator();
    hearings.received('1', [word('b', [300, 600])]);
    expect(hearings.choose([word('b', [300, 600], { isExpected: false })], '1')).toEqual([true]);
  });

  it('are told once where a cut goes through them, so that only one end tells of the other hearing', () => {
    const hearings = new WordDeduplicator();
    hearings.told('0', [word('finished', [946, 1_403])]);
    expect(hearings.choose([word('finished', [1_266, 1_403], { laterAtEnd: 320 })])).toEqual([false]);
  });

  it('are all told where people talk over each other', () => {
    const hearings = new WordDeduplicator();
    hearings.told('0', [word('yes', [100, 400])]);
    expect(hearings.choose([word('no', [120, 380])])).toEqual([true]);
  });
});
