import { describe, expect, it } from '@jest/globals';
import { EmittedSpans, isMostlyFilled, isMostlyWithin, isRepeated, type SpokenSpan } from './emitted-spans.js';

const span = (startMs: number, endMs: number, text = ''): SpokenSpan => ({ startMs, endMs, text });

/** Returns the same sequence of numbers of 0..1 in every run (a Lehmer generator). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

describe('EmittedSpans', () => {
  it.each([1, 2, 3])('finds everything that a search through all of them would find (seed %i)', (seed) => {
    const random = randomFrom(seed);
    const any = (): SpokenSpan => {
      const startMs = Math.floor(random() * 400) * 125;
      return span(startMs, startMs + Math.floor(random() * 16) * 125, random() < 0.5 ? 'yes' : 'no');
    };
    const all = Array.from({ length: 120 }, any);
    const emitted = new EmittedSpans();
    for (const each of all) emitted.add(each);
    let found = 0;
    for (let probes = 0; probes < 2_000; probes++) {
      const probe = any();
      const near = emitted.near(probe);
      for (const isSame of [isRepeated, isMostlyWithin]) {
        const expected = all.filter((each) => isSame(each, probe));
        expect(new Set(near.filter((each) => isSame(each, probe)))).toEqual(new Set(expected));
      }
      expect(isMostlyFilled(probe, near)).toBe(isMostlyFilled(probe, all));
      found += near.length;
    }
    expect(found).toBeGreaterThan(2_000);
    expect(found).toBeLessThan((2_000 * all.length) / 5);
  });

  it('forgets what ended before, and how far back it has to search', () => {
    const emitted = new EmittedSpans();
    const [long, early, late] = [span(0, 60_000), span(1_000, 2_000), span(70_000, 71_000)];
    for (const each of [late, long, early]) emitted.add(each);
    emitted.forgetBefore(3_000);
    expect(emitted.near(span(1_500, 1_600))).toEqual([long]);
    emitted.forgetBefore(61_000);
    expect(emitted.near(span(0, 100_000))).toEqual([late]);
  });

  it('keeps a limited number, whatever is said', () => {
    const emitted = new EmittedSpans();
    for (let nth = 0; nth < 20_010; nth++) emitted.add(span(nth, nth + 1));
    expect(emitted.near(span(0, 30_000))).toHaveLength(20_000);
  });
});
