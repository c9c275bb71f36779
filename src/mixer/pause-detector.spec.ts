import { beforeEach, describe, expect, it } from '@jest/globals';
import { powerOfDbfs } from '../../libs/audio/level.js';
import { PauseDetector } from './pause-detector.js';

describe('a pause', () => {
  let pauses: PauseDetector;
  const feed = (dbfs: number, frames: number): void => {
    for (let i = 0; i < frames; i++) pauses.update(powerOfDbfs(dbfs));
  };
  const prolongedBy = (dbfs: number): boolean => pauses.prolongs(powerOfDbfs(dbfs));

  beforeEach(() => {
    pauses = new PauseDetector();
    feed(-20, 50);
  });

  it('begins 300 ms after the last word', () => {
    expect(pauses.speech).toBe(true);
    feed(-80, 13);
    expect([pauses.speech, prolongedBy(-80)]).toEqual([false, false]);
    feed(-80, 1);
    expect(prolongedBy(-80)).toBe(true);
  });

  it('is not prolonged by the beginning of a word', () => {
    feed(-80, 50);
    expect(prolongedBy(-45)).toBe(false);
  });

  it('may be noisy, but never loud', () => {
    feed(-46, 1_500);
    expect(prolongedBy(-46)).toBe(true);
    feed(-35, 3_000);
    expect(pauses.speech).toBe(false);
    expect(prolongedBy(-35)).toBe(false);
  });
});
