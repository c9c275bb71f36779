import { beforeEach, describe, expect, it } from '@jest/globals';
import { powerOfDbfs } from '../../libs/audio/level.js';
import { MixTimeline } from './mix-timeline.js';

/** How loud a voice is in each frame: syllables of its own rhythm, `dbfs` at their peak. */
const voice = (seed: number, dbfs: number): ((frame: number) => number) => {
  const syllable = (index: number): number => {
    const random = Math.sin(index * 12.9898 + seed * 78.233) * 43_758.5453;
    return random - Math.floor(random);
  };
  return (frame) => powerOfDbfs(dbfs) * (0.05 + 0.95 * syllable(Math.floor(frame / 7)) ** 2);
};

describe('the timeline of a mix', () => {
  let timeline: MixTimeline;

  beforeEach(() => {
    timeline = new MixTimeline();
  });

  const record = (sid: string, fromMs: number, toMs: number, power: (frame: number) => number, speech = true): void => {
    for (let frame = fromMs / 20; frame < toMs / 20; frame++) timeline.history(sid).record(frame, power(frame), speech);
  };
  const speakers = (startMs: number, endMs: number): string[] =>
    timeline.activity(startMs, endMs).map(({ trackSid }) => trackSid);

  it('reports who spoke when, how loudly and for which share of the time', () => {
    record('A', 0, 2_000, () => 0.01);
    record('B', 2_000, 3_000, () => 0.04);
    expect(speakers(0, 1_900)).toEqual(['A']);
    const [b] = timeline.activity(2_500, 3_500);
    expect(b).toMatchObject({ trackSid: 'B', speech: 1 });
    const both = timeline.activity(1_500, 3_000).sort((one, other) => one.speech - other.speech);
    expect(both).toMatchObject([
      { trackSid: 'A', loudness: expect.closeTo(1 / 3, 2), speech: expect.closeTo(1 / 3, 2) },
      { trackSid: 'B', loudness: expect.closeTo(2 / 3, 2), speech: expect.closeTo(2 / 3, 2) },
    ]);
    expect(timeline.activity(10_000, 11_000)).toEqual([]);
    expect(timeline.activity(0, 0)).toEqual([]);
  });

  it('does not count sound that is no speech', () => {
    record('A', 0, 1_000, () => 0.01, false);
    expect(timeline.activity(0, 1_000)).toEqual([]);
  });

  it('measures each track against its usual power', () => {
    record('loud', 0, 5_000, () => powerOfDbfs(-15));
    record('quiet', 0, 5_000, () => powerOfDbfs(-35));
    record('quiet', 5_000, 6_000, () => powerOfDbfs(-35));
    expect(timeline.activity(5_000, 6_000)).toEqual([{ trackSid: 'quiet', loudness: expect.closeTo(1, 2), speech: 1 }]);
  });

  it('finds a speaker 20 dB below the others, and both when both speak', () => {
    record('loud', 0, 5_000, voice(1, -15));
    record('quiet', 5_000, 10_000, voice(2, -35));
    record('loud', 10_000, 15_000, voice(1, -15));
    record('quiet', 10_000, 15_000, voice(2, -35));
    expect(speakers(6_000, 6_400)).toEqual(['quiet']);
    for (let ms = 11_000; ms < 14_500; ms += 300) expect(speakers(ms, ms + 300).sort()).toEqual(['loud', 'quiet']);
  });

  it('ranks a speaker at the usual power above one who only breathes loudly', () => {
    record('loud', 0, 5_000, () => powerOfDbfs(-15));
    record('quiet', 0, 5_000, () => powerOfDbfs(-35));
    record('loud', 5_000, 6_000, () => powerOfDbfs(-33));
    record('quiet', 5_000, 6_000, () => powerOfDbfs(-35));
    expect(speakers(5_000, 6_000)).toEqual(['quiet', 'loud']);
  });

  it.each([0, 60, -120])('leaves out a voice that leaks into another microphone at -20 dB, %i ms apart', (lagMs) => {
    const spoken = voice(1, -15);
    record('speaker', 0, 10_000, spoken);
    record('neighbour', 0, 10_000, (frame) => spoken(frame - lagMs / 20) / 100 + powerOfDbfs(-62));
    for (let ms = 1_200; ms < 9_500; ms += 350) expect(speakers(ms, ms + 350)).toEqual(['speaker']);
  });

  it('finds the speech of the other microphone’s own speaker in spite of crosstalk', () => {
    const spoken = voice(1, -15);
    const own = voice(2, -35);
    record('speaker', 0, 10_000, spoken);
    record('neighbour', 0, 10_000, (frame) => spoken(frame) / 100 + own(frame) * 4);
    const found = Array.from({ length: 20 }, (_, i) => speakers(1_200 + i * 400, 1_600 + i * 400));
    expect(found.filter((sids) => sids.includes('neighbour')).length).toBeGreaterThanOrEqual(16);
  });

  it('keeps three minutes and forgets tracks that left longer ago', () => {
    record('A', 0, 200_000, () => 0.01);
    expect(timeline.activity(0, 19_000)).toEqual([]);
    expect(speakers(21_000, 22_000)).toEqual(['A']);
    const [before, after] = [timeline.history('A'), 200_000 / 20 + 9_001];
    timeline.forgetBefore(after, () => true);
    expect(timeline.history('A')).toBe(before);
    timeline.forgetBefore(after, () => false);
    expect(timeline.history('A')).not.toBe(before);
  });

  it('treats a gap in the record as silence', () => {
    record('A', 0, 1_000, () => 0.01);
    record('A', 190_000, 191_000, () => 0.01);
    expect(timeline.activity(0, 190_000)).toMatchObject([]);
    expect(speakers(190_000, 191_000)).toEqual(['A']);
  });
});
