import { describe, expect, it } from '@jest/globals';
import { placeOnSessionClock } from './session-time.js';

const LIVE_AT = Date.parse('2026-01-01T10:00:00Z');
const text = 'ten words '.repeat(2);
const at = (seconds: number): string => new Date(LIVE_AT + seconds * 1000).toISOString();

describe('placeOnSessionClock', () => {
  it('uses the times of a browser whose end agrees with the arrival', () => {
    expect(placeOnSessionClock({ text, startMs: 7_000, endMs: 9_000 }, 10_000, LIVE_AT)).toEqual({
      startMs: 7_000,
      endMs: 9_000,
    });
    expect(placeOnSessionClock({ text, startedAt: at(7), endedAt: at(9) }, 10_000, LIVE_AT)).toEqual({
      startMs: 7_000,
      endMs: 9_000,
    });
  });

  it('keeps only the length of one whose clock is an hour off, either way', () => {
    for (const hours of [-1, 1]) {
      const given = { text, startedAt: at(7 + hours * 3600), endedAt: at(9 + hours * 3600) };
      expect(placeOnSessionClock(given, 10_000, LIVE_AT)).toEqual({ startMs: 8_000, endMs: 10_000 });
    }
  });

  it('never places an end after the arrival, nor a beginning before the session', () => {
    expect(placeOnSessionClock({ text, startMs: 9_000, endMs: 11_000 }, 10_000, LIVE_AT).endMs).toBe(10_000);
    expect(placeOnSessionClock({ text, startMs: 0, endMs: 30_000 }, 5_000, LIVE_AT)).toEqual({
      startMs: 0,
      endMs: 5_000,
    });
    expect(placeOnSessionClock({ text, startMs: 0, endMs: 9e9 }, 100_000, LIVE_AT)).toEqual({
      startMs: 40_000,
      endMs: 100_000,
    });
  });

  it('keeps the start of the first revision, and estimates it from the text where there is none', () => {
    expect(placeOnSessionClock({ text }, 10_000, LIVE_AT, 6_000)).toEqual({ startMs: 6_000, endMs: 10_000 });
    expect(placeOnSessionClock({ text }, 10_000, LIVE_AT)).toEqual({ startMs: 8_700, endMs: 10_000 });
  });
});
