import { describe, expect, it } from '@jest/globals';
import { TimeMap } from './time-map.js';

const SECOND = 16_000;

/** A session whose first socket sent the log from its beginning on. */
const sentFirst = (seconds: number, acknowledgedSeconds = seconds): TimeMap => {
  const map = new TimeMap();
  const socket = map.begin();
  socket.sent(0, seconds * SECOND);
  socket.acknowledged(0, acknowledgedSeconds * SECOND);
  return map;
};

describe('TimeMap', () => {
  it('adds where the session began in the log', () => {
    const map = new TimeMap();
    map.begin().sent(5 * SECOND, 5 * SECOND);
    expect(map.position(SECOND, 10 * SECOND)).toBe(6 * SECOND);
  });

  it('takes back the sound that was sent twice on a resume', () => {
    const map = sentFirst(3, 1); // it had received 3 s, acknowledged 1 s, and got the rest again
    const second = map.begin();
    second.sent(SECOND, 8 * SECOND);
    expect(map.position(5 * SECOND, 9 * SECOND)).toBe(3 * SECOND); // before it says so
    second.acknowledged(3 * SECOND, SECOND);
    expect(map.position(2 * SECOND, 9 * SECOND)).toBe(2 * SECOND);
    expect(map.position(5 * SECOND, 9 * SECOND)).toBe(3 * SECOND);
  });

  it('goes on from what the server acknowledged, where it forgot the rest', () => {
    const map = sentFirst(3, 1);
    const second = map.begin();
    second.sent(SECOND, 8 * SECOND);
    second.acknowledged(SECOND, SECOND);
    expect(map.position(5 * SECOND, 9 * SECOND)).toBe(5 * SECOND);
  });

  it('steps over a gap', () => {
    const map = new TimeMap();
    const socket = map.begin();
    socket.sent(0, 4 * SECOND);
    socket.sent(60 * SECOND, 10 * SECOND);
    expect(map.position(3 * SECOND, 70 * SECOND)).toBe(3 * SECOND);
    expect(map.position(5 * SECOND, 70 * SECOND)).toBe(61 * SECOND);
  });

  it('believes no acknowledgment that a session began elsewhere than at its beginning', () => {
    const map = new TimeMap();
    const socket = map.begin();
    socket.sent(0, 5 * SECOND);
    socket.acknowledged(SECOND, SECOND); // those of the first second were lost
    expect(map.position(3 * SECOND, 5 * SECOND)).toBe(3 * SECOND);
  });

  it('follows an acknowledgment that comes after a later one', () => {
    const map = sentFirst(3, 1);
    const second = map.begin();
    second.sent(SECOND, 8 * SECOND);
    second.acknowledged(4 * SECOND, SECOND);
    second.acknowledged(3 * SECOND, 2 * SECOND);
    expect(map.position(5 * SECOND, 9 * SECOND)).toBe(3 * SECOND);
  });

  describe('when the counter began anew on a resume after 20 s', () => {
    const resumed = (): TimeMap => {
      const map = sentFirst(20);
      const second = map.begin();
      second.sent(20 * SECOND, 25 * SECOND);
      second.acknowledged(0, SECOND);
      return map;
    };

    it('follows times that began anew, too', () => {
      const map = resumed();
      map.heard(3 * SECOND, 23.4 * SECOND);
      expect(map.position(SECOND, 23.4 * SECOND)).toBe(21 * SECOND);
      expect(map.position(9.5 * SECOND, 45 * SECOND)).toBe(29.5 * SECOND);
    });

    it('follows times that go on, from the first words to the last', () => {
      const map = resumed();
      map.heard(21 * SECOND, 21.4 * SECOND);
      for (const second of [0.5, 3, 19, 20.5, 24, 29.5, 44])
        expect(map.position(second * SECOND, 45 * SECOND)).toBe(second * SECOND);
    });

    it('takes times to go on while nothing was heard', () => {
      expect(resumed().position(3 * SECOND, 45 * SECOND)).toBe(3 * SECOND);
    });

    it('does not decide by what was said before it', () => {
      const map = resumed();
      map.heard(19 * SECOND, 20.2 * SECOND);
      map.heard(1 * SECOND, 21.2 * SECOND);
      expect(map.position(2 * SECOND, 45 * SECOND)).toBe(22 * SECOND);
    });

    it('knows it although the acknowledgment of its first sound was lost', () => {
      const map = sentFirst(20);
      const second = map.begin();
      second.sent(20 * SECOND, 5 * SECOND);
      second.acknowledged(SECOND, SECOND);
      map.heard(3 * SECOND, 23.2 * SECOND);
      expect(map.position(3 * SECOND, 23.2 * SECOND)).toBe(23 * SECOND);
    });
  });

  describe('when sound was sent once more', () => {
    const resent = (acknowledgedSeconds: number): TimeMap => {
      const map = sentFirst(10, acknowledgedSeconds);
      const second = map.begin();
      second.sent(acknowledgedSeconds * SECOND, 20 * SECOND);
      second.acknowledged(10 * SECOND, SECOND);
      return map;
    };
    const at = (second: number) => ({ start: (second - 0.05) * SECOND, end: (second + 0.05) * SECOND });
    /** The places in the log of all moments that are told, in order. */
    const told = (map: TimeMap, seconds: number, channel = 0): number[] =>
      Array.from({ length: seconds * 10 }, (_, tenth) => tenth / 10 + 0.05)
        .filter((second) => !map.isToldElsewhere(at(second), channel))
        .map((second) => map.position(second * SECOND, 40 * SECOND));

    it.each([0, 6, 9, 9.5, 9.7, 10])('tells each moment once, where %d s of 10 were acknowledged', (acknowledged) => {
      const twice = 10 - acknowledged;
      const places = told(resent(acknowledged), 20);
      expect(places).toHaveLength(Math.round((20 - twice) * 10));
      places.forEach((place, tenth) => expect(place / SECOND).toBeCloseTo(tenth / 10 + 0.05, 5));
    });

    it('leaves the last words before the cut to the second hearing, unless they were told', () => {
      const map = resent(6);
      expect([9.4, 9.6].map((second) => map.isToldElsewhere(at(second)))).toEqual([false, true]);
      map.told(9.8 * SECOND, 1);
      expect([9.4, 9.6].map((second) => map.isToldElsewhere(at(second), 1))).toEqual([false, false]);
      expect(told(map, 20, 1)).toHaveLength(160);
      expect(map.isToldElsewhere(at(9.6), 0)).toBe(true);
    });

    it('knows it by what it sent, where nothing is acknowledged', () => {
      const map = new TimeMap();
      map.begin().sent(0, 10 * SECOND);
      map.told(9.9 * SECOND);
      map.begin().sent(2 * SECOND, 20 * SECOND);
      expect(told(map, 20)).toHaveLength(120);
    });

    it('leaves nothing out where the server forgot what it did not acknowledge, or after a gap', () => {
      const forgot = sentFirst(10, 6);
      const second = forgot.begin();
      second.sent(6 * SECOND, 20 * SECOND);
      second.acknowledged(6 * SECOND, SECOND);
      expect(told(forgot, 20)).toHaveLength(200);
      const gap = sentFirst(10);
      gap.begin().sent(60 * SECOND, 20 * SECOND);
      expect(told(gap, 20)).toHaveLength(200);
    });
  });

  it('never points past what was sent', () => {
    expect(sentFirst(2).position(90 * SECOND, 2 * SECOND)).toBe(2 * SECOND);
    expect(new TimeMap().position(SECOND, 0)).toBe(0);
  });
});
