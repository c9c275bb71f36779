import { describe, expect, it } from '@jest/globals';
import { TokenBucket } from './token-bucket.js';

const taken = (bucket: TokenBucket, times: number, nowMs: number): number =>
  Array.from({ length: times }, () => bucket.take(nowMs)).filter(Boolean).length;

describe('TokenBucket', () => {
  it('gives its capacity at once, and so many more each second', () => {
    const bucket = new TokenBucket(5, 2, 0);
    expect(taken(bucket, 10, 0)).toBe(5);
    expect(taken(bucket, 10, 499)).toBe(0);
    expect(taken(bucket, 10, 1_000)).toBe(2);
  });

  it('never holds more than its capacity, however long nothing is taken', () => {
    const bucket = new TokenBucket(5, 2, 0);
    expect(taken(bucket, 10, 3_600_000)).toBe(5);
  });

  it('takes all of an amount or nothing of it', () => {
    const bucket = new TokenBucket(100, 10, 0);
    expect(bucket.take(0, 101)).toBe(false);
    expect(bucket.take(0, 60)).toBe(true);
    expect(bucket.take(0, 60)).toBe(false);
    expect(bucket.take(0, 40)).toBe(true);
    expect(bucket.take(1_000, 10)).toBe(true);
  });

  it('owes what was spent before it was asked, at most as much as it holds', () => {
    const bucket = new TokenBucket(10, 10, 0);
    for (let spent = 0; spent < 5; spent += 1) bucket.spend(0);
    expect(bucket.share(0)).toBe(0.5);
    for (let spent = 0; spent < 100; spent += 1) bucket.spend(0);
    expect([bucket.share(0), bucket.share(1_000), bucket.share(2_000)]).toEqual([0, 0, 1]);
  });
});
