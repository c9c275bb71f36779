import { beforeEach, describe, expect, it } from '@jest/globals';
import { PendingSpeechTracker } from './pending-speech-tracker.js';

describe('PendingSpeechTracker', () => {
  /** When somebody spoke. */
  let spoken: [fromMs: number, toMs: number][];
  let speech: PendingSpeechTracker;

  beforeEach(() => {
    spoken = [];
    speech = new PendingSpeechTracker(0, (startMs, endMs) =>
      spoken.some(([fromMs, toMs]) => fromMs < endMs && toMs > startMs),
    );
  });

  it('has nothing pending in silence, however long', () => {
    expect([1_000, 60_000, 3_600_000].map((nowMs) => speech.sinceMs(nowMs, 0))).toEqual(Array(3).fill(undefined));
  });

  it('begins with the first speech since the last words', () => {
    spoken.push([1_000, 3_000], [9_000, 12_000]);
    expect(speech.sinceMs(4_000, 0)).toBe(1_000);
    speech.resolvedUntil(2_900);
    expect(speech.sinceMs(5_000, 0)).toBeUndefined();
    expect(speech.sinceMs(20_000, 0)).toBe(9_000);
  });

  it('begins within speech of which the start is in words', () => {
    spoken.push([1_000, 20_000]);
    speech.resolvedUntil(8_000);
    expect(speech.sinceMs(20_000, 0)).toBe(8_500);
  });

  it('does not wait for words earlier than those that were published', () => {
    spoken.push([1_000, 3_000]);
    speech.resolvedUntil(3_000);
    speech.resolvedUntil(500);
    expect(speech.sinceMs(5_000, 0)).toBeUndefined();
  });

  it('takes for noise what has had no words for half a minute', () => {
    spoken.push([1_000, 1_200]);
    expect([speech.sinceMs(31_000, 0), speech.sinceMs(31_500, 0)]).toEqual([1_000, undefined]);
  });

  it('waits longer for what the engine has not received', () => {
    spoken.push([1_000, 3_000]);
    expect(speech.sinceMs(300_000, 299_000)).toBe(1_000);
  });
});
