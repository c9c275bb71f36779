import { describe, expect, it } from '@jest/globals';
import { MissingAudioDetector } from './missing-audio-detector.js';

/** Checks once a second a stream that sends `sentMs(second)` in each, and sums up what is found missing. */
const found = (seconds: number, sentMs: (second: number) => number): { lostMs: number; untilS: number[] } => {
  const detector = new MissingAudioDetector(0);
  const untilS: number[] = [];
  let receivedMs = 0;
  let lostMs = 0;
  for (let second = 1; second <= seconds; second++) {
    receivedMs += sentMs(second);
    const missing = detector.check(receivedMs, second * 1_000);
    if (missing === undefined) continue;
    untilS.push(second - missing.endedAgoMs / 1_000);
    lostMs += missing.lostMs;
  }
  return { lostMs, untilS };
};

describe('missing audio', () => {
  it('is none while a stream is even, however late it begins', () => {
    expect(found(60, (second) => (second < 4 ? 0 : second === 4 ? 130 : 1_000)).lostMs).toBe(0);
  });

  it('is none where a stall held it back', () => {
    expect(found(60, (second) => (second < 10 || second > 22 ? 1_000 : second === 22 ? 13_000 : 0)).lostMs).toBe(0);
  });

  it('is what does not arrive after a stall, found once, at the end of the stall', () => {
    const { lostMs, untilS } = found(80, (second) => (second < 10 || second > 40 ? 1_000 : second === 40 ? 21_000 : 0));
    expect(lostMs).toBe(10_000);
    expect(untilS).toEqual([39]);
  });

  it('ends with a standstill of this process, whatever had arrived before it since the last check', () => {
    const detector = new MissingAudioDetector(0);
    const checks = [1, 2, 3, 33.5, 34, 35, 36, 37, 38, 39, 40].map((second) => {
      const beforeMs = Math.min(second, 3.5) * 1_000;
      const afterMs = second > 33.5 ? 21_000 + (second - 33.5) * 1_000 : 0;
      return detector.check(beforeMs + afterMs, second * 1_000);
    });
    expect(checks.filter((missing) => missing !== undefined)).toEqual([{ lostMs: 9_000, endedAgoMs: 5_500 }]);
  });

  it('is counted again from there at the next stall', () => {
    const stalled = (second: number): boolean => second % 30 === 0 || second % 30 === 1;
    const { lostMs, untilS } = found(100, (second) => (stalled(second) ? 0 : 1_000));
    expect(lostMs).toBe(6_000);
    expect(untilS).toEqual([31, 61, 91]);
  });

  it.each([200, -200])('is none with clocks %i ppm apart for twelve hours', (ppm) => {
    expect(found(43_200, () => 1_000 * (1 + ppm / 1e6)).lostMs).toBe(0);
  });
});
