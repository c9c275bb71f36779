import { describe, expect, it } from '@jest/globals';
import { Liveness } from './liveness.js';

const liveness = (): Liveness => {
  const fresh = new Liveness({ silenceTimeoutMs: 10_000, connectTimeoutMs: 10_000, keepAliveMs: 20_000 });
  fresh.opened(0);
  return fresh;
};

describe('Liveness', () => {
  it('gives a connection up that opens and then says nothing', () => {
    const silent = liveness();
    expect(silent.verdict(10_000, 0, 0)).toBe('alive');
    expect(silent.verdict(10_001, 0, 0)).toBe('dead');
  });

  it('gives a connection up when acknowledgments stop, not when there is nothing to acknowledge', () => {
    const connection = liveness();
    connection.sent(1_000);
    connection.heard('acknowledged', 1_000);
    expect(connection.verdict(15_000, 0, 0)).toBe('alive');
    expect(connection.verdict(24_000, 640, 0)).toBe('idle');
    expect(connection.verdict(25_001, 640, 0)).toBe('dead');
  });

  it('gives a connection up whose socket stays full', () => {
    const connection = liveness();
    connection.heard('recording', 0);
    connection.sent(20_000);
    expect(connection.verdict(1_000, 0, 2_000_000)).toBe('alive');
    expect(connection.verdict(9_000, 0, 1_900_000)).toBe('alive');
    expect(connection.verdict(19_000, 0, 1_900_000)).toBe('alive');
    expect(connection.verdict(19_001, 0, 1_900_000)).toBe('dead');
  });
});
