import { describe, expect, it } from '@jest/globals';
import { EngineClock, type TimedUtterance } from './engine-clock.js';
import { WordDeduplicator, type TimedWord } from './word-deduplicator.js';

const newDeduplicator = (): WordDeduplicator => new WordDeduplicator(new EngineClock(0, () => 0));

/** A word whose engine time is this much later than its session time, at its start and at its end. */
function word(
  text: string,
  [startMs, endMs]: [number, number],
  { isExpected = true, later = 0, laterAtEnd = 0, channel = 0 } = {},
): TimedWord {
  return { text, startMs, endMs, channel, engineOffsetsMs: [later, laterAtEnd], isExpected };
}

describe('words of audio that was sent twice', () => {
  it('are emitted from the pass that is expected to bring them', () => {
    const deduplicator = newDeduplicator();
    expect(
      deduplicator.wordsToEmit([
        word('a', [0, 300]),
        word('a', [0, 300], { later: 500, laterAtEnd: 500, isExpected: false }),
      ]),
    ).toEqual([true, false]);
  });

  it('are emitted from the other pass, when the expected one does not have them', () => {
    const deduplicator = newDeduplicator();
    expect(deduplicator.wordsToEmit([word('a', [0, 300]), word('b', [300, 600], { isExpected: false })])).toEqual([
      true,
      true,
    ]);
  });

  it('are left to a partial of the expected pass, in the same channel', () => {
    const deduplicator = newDeduplicator();
    deduplicator.partialReceived('1', [word('b', [350, 640], { later: 500, laterAtEnd: 500 })]);
    expect(deduplicator.wordsToEmit([word('b', [300, 600], { isExpected: false })])).toEqual([false]);
    expect(deduplicator.wordsToEmit([word('b', [300, 600], { isExpected: false, channel: 1 })])).toEqual([true]);
  });

  it('are not left to an earlier partial of the same utterance', () => {
    const deduplicator = newDeduplicator();
    deduplicator.partialReceived('1', [word('b', [300, 600])]);
    expect(deduplicator.wordsToEmit([word('b', [300, 600], { isExpected: false })], '1')).toEqual([true]);
  });

  it('are emitted once where a cut goes through them, so that only one end shows the other pass', () => {
    const deduplicator = newDeduplicator();
    deduplicator.finalEmitted('0', [word('finished', [946, 1_403])]);
    expect(deduplicator.wordsToEmit([word('finished', [1_266, 1_403], { laterAtEnd: 320 })])).toEqual([false]);
  });

  it('are all emitted where people talk over each other', () => {
    const deduplicator = newDeduplicator();
    deduplicator.finalEmitted('0', [word('yes', [100, 400])]);
    expect(deduplicator.wordsToEmit([word('no', [120, 380])])).toEqual([true]);
  });
});

const wordsInRange = (timed: TimedUtterance, fromMs: number, untilMs: number): TimedUtterance => {
  const deduplicator = newDeduplicator();
  deduplicator.emitFrom(fromMs);
  deduplicator.emitUntil(untilMs);
  return deduplicator.clip(timed);
};

const words = ['One,', 'two', 'three', 'four.'].map((text, i) => ({
  text: text.replace(/\W/, ''),
  startMs: i * 100,
  endMs: i * 100 + 80,
  confidence: 1,
}));
const timed = { text: 'One, two three four.', language: 'en', confidence: 1, startMs: 0, endMs: 380, words };

describe('words of two Gladia sessions that overlap', () => {
  it.each([
    [0, Infinity, 'One, two three four.', 0, 380],
    [0, 240, 'One, two', 0, 180],
    [240, Infinity, 'three four.', 200, 380],
    [0, 241, 'One, two three', 0, 280],
    [120, 240, 'two', 100, 180],
  ])(
    'are emitted where their middle lies in the range from %i ms to %s ms',
    (fromMs, untilMs, text, startMs, endMs) => {
      expect(wordsInRange(timed, fromMs, untilMs)).toMatchObject({ text, startMs, endMs });
    },
  );

  it('are not emitted outside of the range; an utterance without words is judged as a whole', () => {
    expect(wordsInRange(timed, 1_000, 2_000)).toMatchObject({ text: '', words: [] });
    expect(wordsInRange({ ...timed, words: [] }, 0, 191)).toMatchObject({ text: 'One, two three four.' });
    expect(wordsInRange({ ...timed, words: [] }, 0, 190)).toMatchObject({ text: '' });
  });

  it('are emitted on exactly one side of a cut point, wherever it lies', () => {
    for (let cutMs = 0; cutMs <= 400; cutMs += 1) {
      const sides = [wordsInRange(timed, 0, cutMs), wordsInRange(timed, cutMs, Infinity)];
      expect(sides.flatMap((side) => side.words)).toEqual(words);
    }
  });
});
