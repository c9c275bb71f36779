import { describe, expect, it } from '@jest/globals';
import { Liveness, type Expectation } from './liveness.js';

const CHECK_EVERY_MS = 50;

/** A connection that was opened at 0 and is checked all the time. */
class WatchedConnection {
  readonly liveness: Liveness;
  #nowMs = 0;

  constructor(expected: Partial<Expectation> = {}) {
    const timings = { silenceTimeoutMs: 10_000, connectTimeoutMs: 10_000, keepAliveMs: 20_000 };
    this.liveness = new Liveness(timings, { isResumed: false, acknowledges: false, ...expected });
    this.liveness.opened(0);
  }

  /** The verdict at that time, with this much outstanding and buffered until then. */
  at(ms: number, outstandingSamples = 0, bufferedBytes = 0): ReturnType<Liveness['verdict']> {
    for (this.#nowMs += CHECK_EVERY_MS; this.#nowMs < ms; this.#nowMs += CHECK_EVERY_MS)
      this.liveness.verdict(this.#nowMs, outstandingSamples, bufferedBytes);
    return this.after(ms, outstandingSamples, bufferedBytes);
  }

  /** The verdict at that time, without a check since the last verdict. */
  after(ms: number, outstandingSamples = 0, bufferedBytes = 0): ReturnType<Liveness['verdict']> {
    this.#nowMs = ms;
    return this.liveness.verdict(ms, outstandingSamples, bufferedBytes);
  }
}

describe('Liveness', () => {
  it('gives a connection up that opens and then sends nothing', () => {
    const silent = new WatchedConnection();
    expect(silent.at(10_000)).toBe('alive');
    expect(silent.at(10_001)).toBe('dead');
  });

  it('gives a connection up when acknowledgments stop, not when there is nothing to acknowledge', () => {
    const connection = new WatchedConnection();
    connection.liveness.sent(1_000);
    connection.liveness.received('acknowledged', 1_000);
    expect(connection.at(15_000)).toBe('alive');
    expect(connection.at(24_000, 640)).toBe('idle');
    expect(connection.at(25_001, 640)).toBe('dead');
  });

  it('does not expect a resumed connection to say again that it is recording', () => {
    const resumed = new WatchedConnection({ isResumed: true });
    expect(resumed.at(15_000)).toBe('alive');
    expect(resumed.at(60_000, 640)).toBe('idle');
  });

  it('expects acknowledgments, even the first of a connection, from a server that is known to give them', () => {
    const connection = new WatchedConnection({ acknowledges: true });
    connection.liveness.received('recording', 0);
    expect(connection.at(5_000)).toBe('alive');
    expect(connection.at(14_000, 640)).toBe('alive');
    expect(connection.at(15_100, 640)).toBe('dead');
  });

  it('gives a connection up whose socket stays full', () => {
    const connection = new WatchedConnection();
    connection.liveness.received('recording', 0);
    connection.liveness.sent(20_000);
    expect(connection.at(1_000, 0, 2_000_000)).toBe('alive');
    expect(connection.at(9_000, 0, 1_900_000)).toBe('alive');
    expect(connection.at(11_000, 0, 1_900_000)).toBe('alive');
    expect(connection.at(11_051, 0, 1_900_000)).toBe('dead');
  });

  it('does not count the time in which this process did not run', () => {
    const connection = new WatchedConnection();
    connection.liveness.received('acknowledged', 0);
    connection.liveness.sent(29_000);
    expect(connection.at(5_000, 640)).toBe('alive');
    expect(connection.after(35_000, 640, 100_000)).toBe('alive');
    expect(connection.at(39_000, 640, 100_000)).toBe('alive');
    expect(connection.at(41_000, 640, 100_000)).toBe('dead');
  });
});
