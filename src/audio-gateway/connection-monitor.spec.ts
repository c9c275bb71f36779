import { Socket } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { ConnectionMonitor, type ConnectionState } from './connection-monitor.js';

const BEGAN_AT_MS = 0;

/** A connection that is checked once a second, and receives audio in between. */
class MonitoredSource {
  readonly #monitor: ConnectionMonitor;
  #frames = 0;
  #nowMs = BEGAN_AT_MS;

  constructor(codec: 'pcm' | 'opus') {
    this.#monitor = new ConnectionMonitor(codec, new Socket(), BEGAN_AT_MS);
  }

  /** How much audio is missing so long after the last check, when so much has arrived since. */
  missingMs(afterMs: number, receivedMs = 0): number {
    return this.#monitor.missingAudio(this.#received(receivedMs), this.#nowMs + afterMs)?.lostMs ?? 0;
  }

  endMs(afterMs: number): number {
    return this.#monitor.end(this.#received(0), this.#nowMs + afterMs)?.lostMs ?? 0;
  }

  /** The result of the next check, so many seconds later. */
  check(receivedMs: number, seconds = 1): ConnectionState {
    this.#nowMs += seconds * 1_000;
    return this.#monitor.check(this.#received(receivedMs), this.#nowMs);
  }

  #received(moreMs: number): { frames: number; receivedMs: number } {
    this.#frames += moreMs / 10;
    return { frames: this.#frames, receivedMs: this.#frames * 10 };
  }
}

const times = <T>(count: number, each: () => T): T[] => Array.from({ length: count }, each);

describe('the monitor of a connection', () => {
  it('finds it half-open when it has received nothing for nine seconds', () => {
    const source = new MonitoredSource('pcm');
    source.check(1_000);
    expect(times(8, () => source.check(0).halfOpen)).not.toContain(true);
    expect(source.check(0)).toMatchObject({ halfOpen: true, missing: { lostMs: 9_000, endedAgoMs: 0 } });
  });

  it.each([
    ['pcm', 3_500],
    ['opus', 0],
  ] as const)('that sends %s and ends after 3.5 silent seconds finds %i ms missing, once', (codec, lostMs) => {
    const source = new MonitoredSource(codec);
    times(5, () => source.check(1_000));
    times(3, () => source.check(0));
    expect(source.missingMs(500)).toBe(lostMs);
    expect([source.endMs(500), source.endMs(500), source.missingMs(500)]).toEqual([lostMs, 0, 0]);
  });

  it('finds all audio missing since the connection opened, when none ever arrived', () => {
    const source = new MonitoredSource('pcm');
    expect(times(9, () => source.check(0).missing?.lostMs).at(-1)).toBe(9_000);
  });

  it('finds nothing missing right after the last frames, nor at the first after a silence', () => {
    const source = new MonitoredSource('pcm');
    times(5, () => source.check(1_000));
    source.check(0);
    expect(source.missingMs(900)).toBe(0);
    source.check(0);
    expect(source.missingMs(100, 10)).toBe(0);
  });

  it('does not find it half-open because this process stood still', () => {
    const source = new MonitoredSource('pcm');
    source.check(1_000);
    expect(source.check(0, 30).halfOpen).toBe(false);
    expect(source.check(31_000).halfOpen).toBe(false);
  });

  it.each([
    ['pcm', 9_000],
    ['opus', 0],
  ] as const)('that sends %s and 9 s less after a stall finds %i ms lost', (codec, lostMs) => {
    const source = new MonitoredSource(codec);
    times(5, () => source.check(1_000));
    source.check(21_000, 30);
    const lost = times(10, () => source.check(1_000).missing?.lostMs ?? 0);
    expect(lost.reduce((sum, ms) => sum + ms)).toBe(lostMs);
  });

  it('tells a good source from one that floods', () => {
    const source = new MonitoredSource('pcm');
    expect(times(60, () => source.check(1_000).flood)).toEqual(times(60, () => undefined));
    expect(times(60, () => source.check(10_000).flood)).toContain('too-fast');
  });
});
