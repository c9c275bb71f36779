import { describe, expect, it } from '@jest/globals';
import { wordsInRange } from './words-in-range.js';

const words = ['One,', 'two', 'three', 'four.'].map((text, i) => ({
  text: text.replace(/\W/, ''),
  startMs: i * 100,
  endMs: i * 100 + 80,
  confidence: 1,
}));
const heard = { text: 'One, two three four.', language: 'en', confidence: 1, startMs: 0, endMs: 380, words };

describe('ownedWords', () => {
  it.each([
    [0, Infinity, 'One, two three four.', 0, 380],
    [0, 240, 'One, two', 0, 180],
    [240, Infinity, 'three four.', 200, 380],
    [0, 241, 'One, two three', 0, 280],
    [120, 240, 'two', 100, 180],
  ])('keeps the words whose middle lies from %i ms to %s ms', (fromMs, untilMs, text, startMs, endMs) => {
    expect(wordsInRange(heard, fromMs, untilMs)).toMatchObject({ text, startMs, endMs });
  });

  it('leaves nothing where no word is inside, and judges an utterance without words as a whole', () => {
    expect(wordsInRange(heard, 1_000, 2_000)).toMatchObject({ text: '', words: [] });
    expect(wordsInRange({ ...heard, words: [] }, 0, 191)).toMatchObject({ text: 'One, two three four.' });
    expect(wordsInRange({ ...heard, words: [] }, 0, 190)).toMatchObject({ text: '' });
  });

  it('gives every word to exactly one side of a seam, wherever that lies', () => {
    for (let seamMs = 0; seamMs <= 400; seamMs += 1) {
      const sides = [wordsInRange(heard, 0, seamMs), wordsInRange(heard, seamMs, Infinity)];
      expect(sides.flatMap((side) => side.words)).toEqual(words);
    }
  });
});
