import { beforeEach, describe, expect, it } from '@jest/globals';
import { powerOfDbfs } from '../../libs/audio/level.js';
import { PauseDetector } from './pause-detector.js';

describe('PauseDetector', () => {
  let pauses: PauseDetector;
  const feed = (dbfs: number, frames: number): void => {
    for (let i = 0; i < frames; i++) pauses.update(powerOfDbfs(dbfs));
  };
  const placeOf = (dbfs: number): string => pauses.classify(powerOfDbfs(dbfs));

  beforeEach(() => {
    pauses = new PauseDetector();
    feed(-20, 50);
  });

  it('begins 300 ms after the last word', () => {
    expect(pauses.speech).toBe(true);
    feed(-80, 13);
    expect([pauses.speech, placeOf(-80)]).toEqual([false, 'lull']);
    feed(-80, 1);
    expect(placeOf(-80)).toBe('pause');
  });

  it('begins with a lull, 140 ms after the last word', () => {
    feed(-80, 5);
    expect(placeOf(-80)).toBe('sound');
    feed(-80, 1);
    expect(placeOf(-80)).toBe('lull');
    expect(placeOf(-45)).toBe('sound');
  });

  it('does not count the onset of a word as a pause', () => {
    feed(-80, 50);
    expect(placeOf(-45)).toBe('sound');
  });

  it('may be noisy, but never loud', () => {
    feed(-46, 1_500);
    expect(placeOf(-46)).toBe('pause');
    feed(-35, 3_000);
    expect(pauses.speech).toBe(false);
    expect(placeOf(-35)).toBe('sound');
  });
});
