import { beforeEach, describe, expect, it } from '@jest/globals';
import { UnheardWatch, type Unheard } from './unheard-watch.js';

describe('UnheardWatch', () => {
  let nowMs: number;
  let told: Unheard[];
  let watch: UnheardWatch;
  const [one, other] = [{}, {}];

  beforeEach(() => {
    nowMs = 1_000;
    told = [];
    watch = new UnheardWatch(
      () => nowMs,
      (unheard) => told.push(unheard),
    );
  });

  it('takes a start for no gap, unless it takes longer than one does', () => {
    nowMs = 2_499;
    watch.heardBy(one);
    expect([told, watch.heard]).toEqual([[], true]);
  });

  it('tells a long wait from the moment of publication', () => {
    nowMs = 2_500;
    watch.heardBy(one);
    expect(told).toEqual([{ startMs: 1_000, endMs: 2_500 }]);
  });

  it('tells what nobody heard, and nothing while one of two hears', () => {
    watch.heardBy(one);
    watch.heardBy(other);
    nowMs = 2_000;
    watch.leftBy(one);
    nowMs = 3_000;
    watch.leftBy(other);
    nowMs = 3_600;
    watch.heardBy(one);
    expect(told).toEqual([{ startMs: 3_000, endMs: 3_600 }]);
  });

  it('tells even the shortest, but no change of hands in one moment', () => {
    watch.heardBy(one);
    watch.leftBy(one);
    watch.heardBy(other);
    nowMs = 2_000;
    watch.leftBy(other);
    nowMs = 2_001;
    watch.heardBy(one);
    expect(told).toEqual([{ startMs: 2_000, endMs: 2_001 }]);
  });

  it('tells it at the end too, once', () => {
    watch.heardBy(one);
    watch.leftBy(one);
    nowMs = 9_000;
    watch.close(false);
    watch.close(false);
    expect(told).toEqual([{ startMs: 1_000, endMs: 9_000 }]);
  });

  it('takes nothing for missed where the track was gone before anybody said so', () => {
    watch.heardBy(one);
    watch.leftBy(one);
    nowMs = 3_999;
    watch.close(true);
    expect(told).toEqual([]);
  });

  it('tells what a track said that nobody heard any more until it was gone', () => {
    watch.heardBy(one);
    watch.leftBy(one);
    nowMs = 4_000;
    watch.close(true);
    expect(told).toEqual([{ startMs: 1_000, endMs: 4_000 }]);
  });
});
