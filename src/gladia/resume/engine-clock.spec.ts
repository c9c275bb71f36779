import { describe, expect, it } from '@jest/globals';
import { EngineClock } from './engine-clock.js';

const SECOND = 16_000;

/** The log position up to which audio was sent, as the clocks under test see it. */
let sentUntil = 0;

const newClock = (): EngineClock => new EngineClock(0, () => sentUntil);

const position = (clock: EngineClock, engineTime: number, until: number): number => {
  sentUntil = until;
  return clock.logPosition(engineTime);
};

const transcribe = (clock: EngineClock, engineTime: number, until: number): void => {
  sentUntil = until;
  clock.transcribed(engineTime);
};

/** A session whose first connection sent the log from its start on. */
const sentFirst = (seconds: number, acknowledgedSeconds = seconds): EngineClock => {
  const clock = newClock();
  const connection = clock.addConnection();
  connection.sent(0, seconds * SECOND);
  connection.acknowledged(0, acknowledgedSeconds * SECOND);
  return clock;
};

describe('EngineClock', () => {
  it('adds where the session began in the log', () => {
    const clock = newClock();
    clock.addConnection().sent(5 * SECOND, 5 * SECOND);
    expect(position(clock, SECOND, 10 * SECOND)).toBe(6 * SECOND);
  });

  it('maps audio that was sent twice on a resume to the same place', () => {
    const clock = sentFirst(3, 1); // Gladia had received 3 s, acknowledged 1 s, and got the rest again
    const second = clock.addConnection();
    second.sent(SECOND, 8 * SECOND);
    expect(position(clock, 5 * SECOND, 9 * SECOND)).toBe(3 * SECOND); // before Gladia acknowledges
    second.acknowledged(3 * SECOND, SECOND);
    expect(position(clock, 2 * SECOND, 9 * SECOND)).toBe(2 * SECOND);
    expect(position(clock, 5 * SECOND, 9 * SECOND)).toBe(3 * SECOND);
  });

  it('continues from what the server acknowledged, where it dropped the rest', () => {
    const clock = sentFirst(3, 1);
    const second = clock.addConnection();
    second.sent(SECOND, 8 * SECOND);
    second.acknowledged(SECOND, SECOND);
    expect(position(clock, 5 * SECOND, 9 * SECOND)).toBe(5 * SECOND);
  });

  it('skips a gap', () => {
    const clock = newClock();
    const connection = clock.addConnection();
    connection.sent(0, 4 * SECOND);
    connection.sent(60 * SECOND, 10 * SECOND);
    expect(position(clock, 3 * SECOND, 70 * SECOND)).toBe(3 * SECOND);
    expect(position(clock, 5 * SECOND, 70 * SECOND)).toBe(61 * SECOND);
  });

  it('ignores an acknowledgment that claims that a session started later than at 0', () => {
    const clock = newClock();
    const connection = clock.addConnection();
    connection.sent(0, 5 * SECOND);
    connection.acknowledged(SECOND, SECOND); // the acknowledgments of the first second were lost
    expect(position(clock, 3 * SECOND, 5 * SECOND)).toBe(3 * SECOND);
  });

  it('applies an acknowledgment that comes after a later one', () => {
    const clock = sentFirst(3, 1);
    const second = clock.addConnection();
    second.sent(SECOND, 8 * SECOND);
    second.acknowledged(4 * SECOND, SECOND);
    second.acknowledged(3 * SECOND, 2 * SECOND);
    expect(position(clock, 5 * SECOND, 9 * SECOND)).toBe(3 * SECOND);
  });

  describe('when the byte counter restarted on a resume after 20 s', () => {
    const resumed = (): EngineClock => {
      const clock = sentFirst(20);
      const second = clock.addConnection();
      second.sent(20 * SECOND, 25 * SECOND);
      second.acknowledged(0, SECOND);
      return clock;
    };

    it('applies times that restarted too', () => {
      const clock = resumed();
      transcribe(clock, 3 * SECOND, 23.4 * SECOND);
      expect(position(clock, SECOND, 23.4 * SECOND)).toBe(21 * SECOND);
      expect(position(clock, 9.5 * SECOND, 45 * SECOND)).toBe(29.5 * SECOND);
    });

    it('applies times that continue, from the first words to the last', () => {
      const clock = resumed();
      transcribe(clock, 21 * SECOND, 21.4 * SECOND);
      for (const second of [0.5, 3, 19, 20.5, 24, 29.5, 44])
        expect(position(clock, second * SECOND, 45 * SECOND)).toBe(second * SECOND);
    });

    it('assumes that times continue while nothing was transcribed', () => {
      expect(position(resumed(), 3 * SECOND, 45 * SECOND)).toBe(3 * SECOND);
    });

    it('does not decide by what was said before the resume', () => {
      const clock = resumed();
      transcribe(clock, 19 * SECOND, 20.2 * SECOND);
      transcribe(clock, 1 * SECOND, 21.2 * SECOND);
      expect(position(clock, 2 * SECOND, 45 * SECOND)).toBe(22 * SECOND);
    });

    it('detects it although the acknowledgment of its first audio was lost', () => {
      const clock = sentFirst(20);
      const second = clock.addConnection();
      second.sent(20 * SECOND, 5 * SECOND);
      second.acknowledged(SECOND, SECOND);
      transcribe(clock, 3 * SECOND, 23.2 * SECOND);
      expect(position(clock, 3 * SECOND, 23.2 * SECOND)).toBe(23 * SECOND);
    });
  });

  describe('when audio was sent again', () => {
    const resent = (acknowledgedSeconds: number): EngineClock => {
      const clock = sentFirst(10, acknowledgedSeconds);
      const second = clock.addConnection();
      second.sent(acknowledgedSeconds * SECOND, 20 * SECOND);
      second.acknowledged(10 * SECOND, SECOND);
      return clock;
    };
    const at = (second: number) => ({ start: (second - 0.05) * SECOND, end: (second + 0.05) * SECOND });
    /** The log positions of all moments that are emitted, in order. */
    const emitted = (clock: EngineClock, seconds: number, channel = 0): number[] =>
      Array.from({ length: seconds * 10 }, (_, tenth) => tenth / 10 + 0.05)
        .filter((second) => !clock.isLeftToOtherPass(at(second), channel))
        .map((second) => position(clock, second * SECOND, 40 * SECOND));

    it.each([0, 6, 9, 9.5, 9.7, 10])('emits each moment once, where %d s of 10 were acknowledged', (acknowledged) => {
      const twice = 10 - acknowledged;
      const places = emitted(resent(acknowledged), 20);
      expect(places).toHaveLength(Math.round((20 - twice) * 10));
      places.forEach((place, tenth) => expect(place / SECOND).toBeCloseTo(tenth / 10 + 0.05, 5));
    });

    it('leaves the last words before the cut to the second pass, unless they were emitted', () => {
      const clock = resent(6);
      expect([9.4, 9.6].map((second) => clock.isLeftToOtherPass(at(second)))).toEqual([false, true]);
      clock.finalEmitted(9.8 * SECOND, 1);
      expect([9.4, 9.6].map((second) => clock.isLeftToOtherPass(at(second), 1))).toEqual([false, false]);
      expect(emitted(clock, 20, 1)).toHaveLength(160);
      expect(clock.isLeftToOtherPass(at(9.6), 0)).toBe(true);
    });

    it('goes by what was sent, where nothing is acknowledged', () => {
      const clock = newClock();
      clock.addConnection().sent(0, 10 * SECOND);
      clock.finalEmitted(9.9 * SECOND);
      clock.addConnection().sent(2 * SECOND, 20 * SECOND);
      expect(emitted(clock, 20)).toHaveLength(120);
    });

    it('leaves nothing out where the server dropped what it did not acknowledge, or after a gap', () => {
      const dropped = sentFirst(10, 6);
      const second = dropped.addConnection();
      second.sent(6 * SECOND, 20 * SECOND);
      second.acknowledged(6 * SECOND, SECOND);
      expect(emitted(dropped, 20)).toHaveLength(200);
      const gap = sentFirst(10);
      gap.addConnection().sent(60 * SECOND, 20 * SECOND);
      expect(emitted(gap, 20)).toHaveLength(200);
    });
  });

  it('never maps past what was sent', () => {
    expect(position(sentFirst(2), 90 * SECOND, 2 * SECOND)).toBe(2 * SECOND);
    expect(position(newClock(), SECOND, 0)).toBe(0);
  });
});
