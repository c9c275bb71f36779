import { describe, expect, it } from '@jest/globals';
import { isMostlyFilled, isMostlyWithin, isRepeated, type SpokenSpan } from './span-overlap.js';
import { EmittedSpans } from './emitted-spans.js';

const span = (startMs: number, endMs: number, text = ''): SpokenSpan => ({ startMs, endMs, text });

/** Says the same sequence of numbers of 0..1 in every run (a Lehmer generator). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

describe('ToldSpans', () => {
  it.each([1, 2, 3])('finds all that a look at every one would find (seed %i)', (seed) => {
    const random = randomFrom(seed);
    const any = (): SpokenSpan => {
      const startMs = Math.floor(random() * 400) * 125;
      return span(startMs, startMs + Math.floor(random() * 16) * 125, random() < 0.5 ? 'yes' : 'no');
    };
    const all = Array.from({ length: 120 }, any);
    const told = new EmittedSpans();
    for (const each of all) told.add(each);
    let looked = 0;
    for (let looks = 0; looks < 2_000; looks++) {
      const heard = any();
      const near = told.near(heard);
      for (const isSame of [isRepeated, isMostlyWithin]) {
        const found = all.filter((each) => isSame(each, heard));
        expect(new Set(near.filter((each) => isSame(each, heard)))).toEqual(new Set(found));
      }
      expect(isMostlyFilled(heard, near)).toBe(isMostlyFilled(heard, all));
      looked += near.length;
    }
    expect(looked).toBeGreaterThan(2_000);
    expect(looked).toBeLessThan((2_000 * all.length) / 5);
  });

  it('forgets what ended before, and knows how far back to look in what is left', () => {
    const told = new EmittedSpans();
    const [long, early, late] = [span(0, 60_000), span(1_000, 2_000), span(70_000, 71_000)];
    for (const each of [late, long, early]) told.add(each);
    told.forgetBefore(3_000);
    expect(told.near(span(1_500, 1_600))).toEqual([long]);
    told.forgetBefore(61_000);
    expect(told.near(span(0, 100_000))).toEqual([late]);
  });

  it('holds so much and no more, whatever is said', () => {
    const told = new EmittedSpans();
    for (let nth = 0; nth < 20_010; nth++) told.add(span(nth, nth + 1));
    expect(told.near(span(0, 30_000))).toHaveLength(20_000);
  });
});
