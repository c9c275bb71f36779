import { Socket } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { Wire, type WireFinding } from './wire.js';

const BEGAN_AT_MS = 0;

/** A connection that is looked at once a second, and brings so much sound in between. */
class LookedAt {
  readonly #wire: Wire;
  #frames = 0;
  #nowMs = BEGAN_AT_MS;

  constructor(codec: 'pcm' | 'opus') {
    this.#wire = new Wire(codec, new Socket(), BEGAN_AT_MS);
  }

  /** How much is lacking so long after the last look, though so much came since. */
  lackMs(afterMs: number, broughtMs = 0): number {
    return this.#wire.lack(this.#brought(broughtMs), this.#nowMs + afterMs)?.lostMs ?? 0;
  }

  endMs(afterMs: number): number {
    return this.#wire.end(this.#brought(0), this.#nowMs + afterMs)?.lostMs ?? 0;
  }

  /** What the next look finds, and however many seconds it is late. */
  look(broughtMs: number, seconds = 1): WireFinding {
    this.#nowMs += seconds * 1_000;
    return this.#wire.look(this.#brought(broughtMs), this.#nowMs);
  }

  #brought(moreMs: number): { frames: number; receivedMs: number } {
    this.#frames += moreMs / 10;
    return { frames: this.#frames, receivedMs: this.#frames * 10 };
  }
}

const times = <T>(count: number, each: () => T): T[] => Array.from({ length: count }, each);

describe('a connection that is looked at', () => {
  it('is half-open when it has brought nothing for nine seconds', () => {
    const source = new LookedAt('pcm');
    source.look(1_000);
    expect(times(8, () => source.look(0).halfOpen)).not.toContain(true);
    expect(source.look(0)).toMatchObject({ halfOpen: true, missing: { lostMs: 9_000, endedAgoMs: 0 } });
  });

  it.each([
    ['pcm', 3_500],
    ['opus', 0],
  ] as const)('that sends %s and ends after 3.5 silent seconds lacks %i ms, once', (codec, lostMs) => {
    const source = new LookedAt(codec);
    times(5, () => source.look(1_000));
    times(3, () => source.look(0));
    expect(source.lackMs(500)).toBe(lostMs);
    expect([source.endMs(500), source.endMs(500), source.lackMs(500)]).toEqual([lostMs, 0, 0]);
  });

  it('lacks all the time for which it was open, when it never brought anything', () => {
    const source = new LookedAt('pcm');
    expect(times(9, () => source.look(0).missing?.lostMs).at(-1)).toBe(9_000);
  });

  it('lacks nothing where the last frames have just been, or the first after a silence', () => {
    const source = new LookedAt('pcm');
    times(5, () => source.look(1_000));
    source.look(0);
    expect(source.lackMs(900)).toBe(0);
    source.look(0);
    expect(source.lackMs(100, 10)).toBe(0);
  });

  it('is not half-open because this process stood still', () => {
    const source = new LookedAt('pcm');
    source.look(1_000);
    expect(source.look(0, 30).halfOpen).toBe(false);
    expect(source.look(31_000).halfOpen).toBe(false);
  });

  it.each([
    ['pcm', 9_000],
    ['opus', 0],
  ] as const)('that sends %s and brings 9 s less after a stall has lost %i ms', (codec, lostMs) => {
    const source = new LookedAt(codec);
    times(5, () => source.look(1_000));
    source.look(21_000, 30);
    const lost = times(10, () => source.look(1_000).missing?.lostMs ?? 0);
    expect(lost.reduce((sum, ms) => sum + ms)).toBe(lostMs);
  });

  it('is told apart from one that floods', () => {
    const source = new LookedAt('pcm');
    expect(times(60, () => source.look(1_000).flood)).toEqual(times(60, () => undefined));
    expect(times(60, () => source.look(10_000).flood)).toContain('too-fast');
  });
});
