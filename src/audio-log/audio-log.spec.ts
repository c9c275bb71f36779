import { describe, expect, it } from '@jest/globals';
import { AudioCursor } from './audio-cursor.js';
import { AudioLog } from './audio-log.js';

const counting = (from: number, length: number): Int16Array => Int16Array.from({ length }, (_, i) => from + i);

const read = (log: AudioLog, position: number, length: number): number[] => {
  const into = new Int16Array(length);
  log.read(position, into);
  return [...into];
};

describe('AudioLog', () => {
  it('keeps the latest samples under positions that do not change', () => {
    const log = new AudioLog(10);
    for (let at = 0; at < 24; at += 4) log.write(counting(at, 4));
    expect([log.start, log.end]).toEqual([14, 24]);
    expect(read(log, 14, 10)).toEqual([...counting(14, 10)]);
    expect(read(log, 19, 3)).toEqual([19, 20, 21]);
  });

  it('counts the samples of several channels at one moment as one position', () => {
    const log = new AudioLog(10, 3);
    for (let at = 0; at < 24; at += 4) log.write(counting(3 * at, 12));
    expect([log.start, log.end]).toEqual([14, 24]);
    expect(read(log, 19, 6)).toEqual([57, 58, 59, 60, 61, 62]);
    expect([...new AudioCursor(log, 22).read(2)]).toEqual([66, 67, 68, 69, 70, 71]);
    expect(() => read(log, 22, 9)).toThrow(RangeError);
  });

  it('accepts more than its capacity at once and keeps the end', () => {
    const log = new AudioLog(10);
    log.write(counting(0, 3));
    log.write(counting(3, 25));
    expect([log.start, log.end]).toEqual([18, 28]);
    expect(read(log, 18, 10)).toEqual([...counting(18, 10)]);
  });

  it('refuses to read what fell out and what was not written yet', () => {
    const log = new AudioLog(10);
    log.write(counting(0, 15));
    expect(() => read(log, 4, 2)).toThrow(RangeError);
    expect(() => read(log, 14, 2)).toThrow(RangeError);
  });
});

describe('AudioCursor', () => {
  it('reports what it missed, once, and continues after it', () => {
    const gaps: number[][] = [];
    const log = new AudioLog(10);
    const cursor = new AudioCursor(log, 0, (from, to) => gaps.push([from, to]));
    log.write(counting(0, 25));
    expect(cursor.available()).toBe(10);
    expect(cursor.available()).toBe(10);
    expect(gaps).toEqual([[0, 15]]);
    expect([...cursor.read(3)]).toEqual([15, 16, 17]);
    expect(cursor.position).toBe(18);
  });

  it('stops at a limit and can rewind, never skip', () => {
    const log = new AudioLog(10);
    const cursor = new AudioCursor(log);
    log.write(counting(0, 8));
    expect(cursor.available(5)).toBe(5);
    cursor.read(5);
    expect(cursor.available(5)).toBe(0);
    cursor.rewind(7);
    expect(cursor.position).toBe(5);
    cursor.rewind(2);
    expect(cursor.available(5)).toBe(3);
  });
});
