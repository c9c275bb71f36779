import { describe, expect, it } from '@jest/globals';
import { TimeMap } from './time-map.js';

const SECOND = 16_000;

describe('TimeMap', () => {
  it('adds where the session began in the log', () => {
    const map = new TimeMap();
    map.place(0, 5 * SECOND);
    expect(map.position(SECOND, 10 * SECOND)).toBe(6 * SECOND);
  });

  it('takes back the sound that was sent twice on a resume', () => {
    const map = new TimeMap();
    map.place(0, 0);
    map.place(3 * SECOND, SECOND); // it had received 3 s, acknowledged 1 s, and got the rest again
    expect(map.position(2 * SECOND, 9 * SECOND)).toBe(2 * SECOND);
    expect(map.position(5 * SECOND, 9 * SECOND)).toBe(3 * SECOND);
  });

  it('steps over a gap', () => {
    const map = new TimeMap();
    map.place(0, 0);
    map.place(4 * SECOND, 60 * SECOND);
    expect(map.position(3 * SECOND, 70 * SECOND)).toBe(3 * SECOND);
    expect(map.position(5 * SECOND, 70 * SECOND)).toBe(61 * SECOND);
  });

  it('follows times that begin anew on a resume', () => {
    const map = new TimeMap();
    map.place(0, 0);
    map.place(0, 20 * SECOND);
    expect(map.position(SECOND, 22 * SECOND)).toBe(21 * SECOND);
  });

  it('follows times that go on although the byte counter began anew', () => {
    const map = new TimeMap();
    map.place(0, 0);
    map.place(0, 20 * SECOND);
    expect(map.position(21 * SECOND, 22 * SECOND)).toBe(21 * SECOND);
  });

  it('never points past what was sent', () => {
    const map = new TimeMap();
    map.place(0, 0);
    expect(map.position(90 * SECOND, 2 * SECOND)).toBe(2 * SECOND);
    expect(new TimeMap().position(SECOND, 0)).toBe(0);
  });
});
