import { describe, expect, it } from '@jest/globals';
import { FloodDetector } from './flood-detector.js';

/** What a track sends each second: 100 frames with their headers. */
const FRAMES = 100;
const BYTES = 192_800;

describe('FloodDetector', () => {
  it('finds nothing in a source that runs for a day, nor in half a minute that arrives at once', () => {
    const detector = new FloodDetector(0);
    const found = Array.from({ length: 86_400 }, (_, n) => n + 1).filter(
      (s) => detector.check({ frames: s * FRAMES, bytes: s * BYTES, receivedMs: s * 1_000 }, s * 1000) !== undefined,
    );
    expect(found).toEqual([]);
    const late = 86_430;
    expect(
      detector.check({ frames: late * FRAMES, bytes: late * BYTES, receivedMs: late * 1_000 }, 86_401_000),
    ).toBeUndefined();
  });

  it('finds frames without end, and bytes that make no frame, also after a long good time', () => {
    const [frames, bytes] = [new FloodDetector(0), new FloodDetector(0)];
    expect(frames.check({ frames: 25_000, bytes: 150_000, receivedMs: 0 }, 1_000)).toBe('frame-flood');
    expect(bytes.check({ frames: 0, bytes: 25_000_000, receivedMs: 0 }, 1_000)).toBe('byte-flood');
    const good = new FloodDetector(0);
    good.check({ frames: 360_000, bytes: 0, receivedMs: 0 }, 3_600_000);
    expect(good.check({ frames: 400_000, bytes: 0, receivedMs: 0 }, 3_601_000)).toBe('frame-flood');
  });

  it('finds audio that arrives faster than real time', () => {
    const detector = new FloodDetector(0);
    const twiceAsFast = Array.from({ length: 90 }, (_, s) =>
      detector.check({ frames: 0, bytes: 0, receivedMs: (s + 1) * 2_000 }, (s + 1) * 1_000),
    );
    expect(twiceAsFast.indexOf('too-fast')).toBe(59);
  });

  it('finds a flood of pings, and nothing in one now and then', () => {
    const detector = new FloodDetector(0);
    for (let s = 0; s < 3_600; s += 30) expect(detector.onPing(s * 1000)).toBeUndefined();
    const flood = Array.from({ length: 21 }, () => detector.onPing(3_600_000));
    expect(flood.indexOf('ping-flood')).toBe(20);
  });
});
