import { beforeEach, describe, expect, it } from '@jest/globals';
import { CoverageTracker, type CoverageGap } from './coverage-tracker.js';
import { useVirtualTime } from '../../libs/testing/virtual-time.spec-kit.js';

useVirtualTime();

describe('CoverageTracker', () => {
  let nowMs: number;
  let told: CoverageGap[];
  let watch: CoverageTracker;
  const [one, other] = [{}, {}];

  beforeEach(() => {
    nowMs = 1_000;
    told = [];
    watch = new CoverageTracker(
      () => nowMs,
      (unheard) => told.push(unheard),
    );
  });

  it('reports a start from the moment of publication, however short', () => {
    nowMs = 1_040;
    watch.startedBy(one);
    expect([told, watch.receiving]).toEqual([[{ startMs: 1_000, endMs: 1_040 }], true]);
  });

  it('reports what was missed before the track was found', () => {
    const early = new CoverageTracker(
      () => nowMs,
      (gap) => told.push(gap),
      400,
    );
    nowMs = 1_500;
    early.startedBy(one);
    expect(told).toEqual([{ startMs: 400, endMs: 1_500 }]);
  });

  it('reports a first gap only from a length on, where that is asked for, and any other', () => {
    const restarted = new CoverageTracker(
      () => nowMs,
      (gap) => told.push(gap),
      undefined,
      8_000,
    );
    nowMs = 8_999;
    restarted.startedBy(one);
    restarted.stoppedBy(one);
    nowMs = 9_001;
    restarted.startedBy(one);
    expect(told).toEqual([{ startMs: 8_999, endMs: 9_001 }]);
  });

  it('reports no gap of a track that is received at once', () => {
    watch.startedBy(one);
    expect(told).toEqual([]);
  });

  it('reports a short track that was never received', () => {
    nowMs = 1_700;
    watch.close(true);
    expect(told).toEqual([{ startMs: 1_000, endMs: 1_700 }]);
  });

  it('tells what nobody heard, and nothing while one of two hears', () => {
    watch.startedBy(one);
    watch.startedBy(other);
    nowMs = 2_000;
    watch.stoppedBy(one);
    nowMs = 3_000;
    watch.stoppedBy(other);
    nowMs = 3_600;
    watch.startedBy(one);
    expect(told).toEqual([{ startMs: 3_000, endMs: 3_600 }]);
  });

  it('tells even the shortest, but no change of hands in one moment', () => {
    watch.startedBy(one);
    watch.stoppedBy(one);
    watch.startedBy(other);
    nowMs = 2_000;
    watch.stoppedBy(other);
    nowMs = 2_001;
    watch.startedBy(one);
    expect(told).toEqual([{ startMs: 2_000, endMs: 2_001 }]);
  });

  it('tells it at the end too, once', () => {
    watch.startedBy(one);
    watch.stoppedBy(one);
    nowMs = 9_000;
    watch.close(false);
    watch.close(false);
    expect(told).toEqual([{ startMs: 1_000, endMs: 9_000 }]);
  });

  it('takes nothing for missed where the track was gone before anybody said so', () => {
    watch.startedBy(one);
    watch.stoppedBy(one);
    nowMs = 3_999;
    watch.close(true);
    expect(told).toEqual([]);
  });

  it('tells what a track said that nobody heard any more until it was gone', () => {
    watch.startedBy(one);
    watch.stoppedBy(one);
    nowMs = 4_000;
    watch.close(true);
    expect(told).toEqual([{ startMs: 1_000, endMs: 4_000 }]);
  });

  describe('of a track that replaces another', () => {
    it('tells even a short start, from when on its person was not heard', () => {
      watch.continueFrom(800);
      nowMs = 1_200;
      watch.startedBy(one);
      expect(told).toEqual([{ startMs: 800, endMs: 1_200 }]);
    });

    it('loses nothing of its own that nobody heard before the other was gone', () => {
      nowMs = 2_000;
      watch.continueFrom(1_900);
      watch.startedBy(one);
      expect(told).toEqual([{ startMs: 1_000, endMs: 2_000 }]);
    });

    it('changes nothing where it was heard by then', () => {
      watch.startedBy(one);
      watch.continueFrom(800);
      watch.stoppedBy(one);
      nowMs = 1_500;
      watch.startedBy(one);
      expect(told).toEqual([{ startMs: 1_000, endMs: 1_500 }]);
    });
  });

  describe('returns at its end where the gap began', () => {
    it('now, of one that is heard', () => {
      watch.startedBy(one);
      nowMs = 5_000;
      expect(watch.close(true)).toBe(5_000);
    });

    it('since it was lost, where nothing is told of that', () => {
      watch.startedBy(one);
      nowMs = 5_000;
      watch.stoppedBy(one);
      nowMs = 5_400;
      expect([watch.close(true), told]).toEqual([5_000, []]);
    });

    it('now, where all of it was told', () => {
      watch.startedBy(one);
      watch.stoppedBy(one);
      nowMs = 5_000;
      expect([watch.close(true), told]).toEqual([5_000, [{ startMs: 1_000, endMs: 5_000 }]]);
    });

    it('now, of one that was never received, which is reported', () => {
      nowMs = 1_300;
      expect([watch.close(true), told]).toEqual([1_300, [{ startMs: 1_000, endMs: 1_300 }]]);
    });

    it('since its former was lost, of one that was not heard in its place', () => {
      watch.continueFrom(800);
      nowMs = 1_300;
      expect([watch.close(true), told]).toEqual([800, []]);
    });
  });
});
