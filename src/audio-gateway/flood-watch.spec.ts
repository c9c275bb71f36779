import { describe, expect, it } from '@jest/globals';
import { FloodWatch } from './flood-watch.js';

/** What a track brings each second: 100 frames with their heads. */
const FRAMES = 100;
const BYTES = 192_800;

describe('FloodWatch', () => {
  it('has nothing against a source that runs for a day, nor against half a minute that comes at once', () => {
    const watch = new FloodWatch(0);
    for (let s = 1; s <= 86_400; s++)
      expect(watch.look({ frames: s * FRAMES, bytes: s * BYTES, receivedMs: s * 1_000 }, s * 1000)).toBeUndefined();
    const late = 86_430;
    expect(
      watch.look({ frames: late * FRAMES, bytes: late * BYTES, receivedMs: late * 1_000 }, 86_401_000),
    ).toBeUndefined();
  });

  it('notices frames without end, and bytes that make no frame, also after a long good time', () => {
    const [frames, bytes] = [new FloodWatch(0), new FloodWatch(0)];
    expect(frames.look({ frames: 25_000, bytes: 150_000, receivedMs: 0 }, 1_000)).toBe('frame-flood');
    expect(bytes.look({ frames: 0, bytes: 25_000_000, receivedMs: 0 }, 1_000)).toBe('byte-flood');
    const good = new FloodWatch(0);
    good.look({ frames: 360_000, bytes: 0, receivedMs: 0 }, 3_600_000);
    expect(good.look({ frames: 400_000, bytes: 0, receivedMs: 0 }, 3_601_000)).toBe('frame-flood');
  });

  it('notices sound that comes faster than time passes', () => {
    const watch = new FloodWatch(0);
    const twiceAsFast = Array.from({ length: 90 }, (_, s) =>
      watch.look({ frames: 0, bytes: 0, receivedMs: (s + 1) * 2_000 }, (s + 1) * 1_000),
    );
    expect(twiceAsFast.indexOf('too-fast')).toBe(59);
  });

  it('takes a ping now and then, and no flood of them', () => {
    const watch = new FloodWatch(0);
    for (let s = 0; s < 3_600; s += 30) expect(watch.onPing(s * 1000)).toBeUndefined();
    const flood = Array.from({ length: 21 }, () => watch.onPing(3_600_000));
    expect(flood.indexOf('ping-flood')).toBe(20);
  });
});
