import { describe, expect, it } from '@jest/globals';
import { RoundTrip } from './round-trip.js';

describe('RoundTrip', () => {
  it('is the time from a chunk to the acknowledgment of all of it', () => {
    const roundTrip = new RoundTrip();
    roundTrip.sent(0, 800);
    roundTrip.sent(50, 1_600);
    roundTrip.acknowledged(70, 799);
    expect(roundTrip.ms).toBeUndefined();
    roundTrip.acknowledged(90, 800);
    expect(roundTrip.ms).toBe(90);
    roundTrip.sent(100, 2_400);
    roundTrip.acknowledged(130, 2_400);
    expect(roundTrip.ms).toBe(30);
  });

  it('stays what it was while nothing more is acknowledged', () => {
    const roundTrip = new RoundTrip();
    for (let chunk = 1; chunk <= 2_000; chunk++) roundTrip.sent(chunk * 50, chunk * 800);
    roundTrip.acknowledged(100_100, 1_600_000);
    expect(roundTrip.ms).toBe(100);
    roundTrip.acknowledged(200_000, 1_600_000);
    expect(roundTrip.ms).toBe(100);
  });
});
