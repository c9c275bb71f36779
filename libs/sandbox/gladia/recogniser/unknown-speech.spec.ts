import { describe, expect, it } from '@jest/globals';
import { UnknownSpeech } from './unknown-speech.js';

describe('unknown speech', () => {
  it('is what no word accounts for, once words must be known', () => {
    const unknown = new UnknownSpeech(15_000);
    unknown.add({ startMs: 1_000, endMs: 5_000 });
    unknown.addWord({ startMs: 3_000, endMs: 4_900 });
    expect(unknown.take(6_200)).toEqual([]);
    expect(unknown.take(6_300)).toEqual([{ startMs: 1_000, endMs: 2_850 }]);
    expect(unknown.take(9_000)).toEqual([]);
  });

  it('is told in pieces while it lasts', () => {
    const unknown = new UnknownSpeech(5_000);
    const stretch = { startMs: 0, endMs: undefined as number | undefined };
    unknown.add(stretch);
    expect(unknown.take(7_000)).toEqual([{ startMs: 0, endMs: 5_000 }]);
    stretch.endMs = 6_000;
    expect(unknown.take(8_000)).toEqual([{ startMs: 5_000, endMs: 6_000 }]);
  });
});
