import { describe, expect, it } from '@jest/globals';
import { powerOfDbfs } from './level.js';
import { SpeechActivity } from './speech-activity.js';

const feed = (activity: SpeechActivity, dbfs: number, frames: number): boolean[] =>
  Array.from({ length: frames }, () => activity.update(powerOfDbfs(dbfs)));

describe('SpeechActivity', () => {
  it('starts with the first loud frame and holds over a short gap', () => {
    const activity = new SpeechActivity(10);
    expect(feed(activity, -90, 50)).not.toContain(true);
    expect(feed(activity, -30, 5)).toEqual([true, true, true, true, true]);
    expect(feed(activity, -90, 12)).toEqual([...Array<boolean>(9).fill(true), false, false, false]);
  });

  it('detects a quiet speaker 12 dB over the noise', () => {
    const activity = new SpeechActivity();
    feed(activity, -62, 500);
    expect(feed(activity, -50, 3)).toEqual([true, true, true]);
  });

  it('adapts to steady noise', () => {
    const activity = new SpeechActivity();
    expect(feed(activity, -45, 3_000).slice(-100)).not.toContain(true);
    expect(feed(activity, -25, 1)).toEqual([true]);
  });

  it('does not detect speech in room noise when a microphone is unmuted', () => {
    const activity = new SpeechActivity();
    feed(activity, -56, 300);
    feed(activity, -Infinity, 3_000);
    expect(feed(activity, -56, 100)).not.toContain(true);
    feed(activity, -90, 3_000);
    expect(feed(activity, -56, 300).slice(-50)).not.toContain(true);
  });

  it('does not adapt to a minute of speech with pauses', () => {
    const activity = new SpeechActivity();
    for (let second = 0; second < 60; second++) {
      expect(feed(activity, -25, 40)).not.toContain(false);
      feed(activity, -60, 10);
    }
  });
});
