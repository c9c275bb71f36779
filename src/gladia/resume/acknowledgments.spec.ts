import { describe, expect, it } from '@jest/globals';
import { Acknowledgments } from './acknowledgments.js';

const sent = (chunks: number, from = 0): Acknowledgments => {
  const acknowledgments = new Acknowledgments();
  for (let i = 0; i < chunks; i += 1) acknowledgments.sent(from + i * 640, 640);
  return acknowledgments;
};

describe('Acknowledgments', () => {
  it('counts the samples of all channels at one moment as one', () => {
    const acknowledgments = new Acknowledgments(4);
    for (const position of [0, 640]) acknowledgments.sent(position, 640);
    expect(acknowledgments.acknowledge(8_000, 8_000 + 640 * 8)).toBe(640 * 8);
    expect(acknowledgments.oldestOutstanding).toBe(640);
    expect(acknowledgments.serverOffset).toBe(1_000);
    expect(acknowledgments.outstandingSamples).toBe(640);
  });

  it('has nothing outstanding that the server acknowledged, chunk by chunk or many at once', () => {
    const acknowledgments = sent(4);
    expect(acknowledgments.acknowledge(0, 1280)).toBe(1280);
    expect(acknowledgments.oldestOutstanding).toBe(640);
    expect(acknowledgments.acknowledge(1280, 5120)).toBe(3840);
    expect(acknowledgments.oldestOutstanding).toBeUndefined();
    expect(acknowledgments.outstandingSamples).toBe(0);
  });

  it.each([
    ['continues from what it received', 9600],
    ['restarts', 0],
    ['continues from what it acknowledged', 1280],
  ])('counts by length when the server’s counter %s', (_, offset) => {
    const acknowledgments = sent(3, 7_000);
    acknowledgments.acknowledge(offset, offset + 1280);
    expect(acknowledgments.oldestOutstanding).toBe(7_640);
    expect(acknowledgments.serverOffset).toBe(offset / 2);
  });

  it('counts no byte twice', () => {
    const acknowledgments = sent(3);
    acknowledgments.acknowledge(0, 1280);
    expect(acknowledgments.acknowledge(0, 1280)).toBe(0);
    expect(acknowledgments.acknowledge(640, 2560)).toBe(1280);
    expect(acknowledgments.oldestOutstanding).toBe(1280);
  });

  it('counts ranges that come out of order', () => {
    const acknowledgments = sent(3);
    for (const start of [2560, 0, 1280]) acknowledgments.acknowledge(start, start + 1280);
    expect(acknowledgments.outstandingSamples).toBe(0);
    expect(acknowledgments.serverOffset).toBe(0);
  });

  it('learns the server’s offset from what comes late, not from what is far from the rest', () => {
    const acknowledgments = sent(4);
    for (const start of [12_800, 11_520, 0]) acknowledgments.acknowledge(start, start + 1280);
    expect(acknowledgments.serverOffset).toBe(5_760);
  });

  describe('when the server acknowledges here what the connection before had sent', () => {
    const resumed = (): Acknowledgments => {
      const acknowledgments = new Acknowledgments(1, 1280);
      for (let i = 0; i < 4; i += 1) acknowledgments.sent(i * 640, 640);
      return acknowledgments;
    };

    it('learns where its own audio begins when more is acknowledged than was sent', () => {
      const acknowledgments = resumed();
      for (let start = 6400; start < 6400 + 6 * 1280; start += 1280) acknowledgments.acknowledge(start, start + 1280);
      expect(acknowledgments.serverOffset).toBe((6400 + 2 * 1280) / 2);
      expect(acknowledgments.oldestOutstanding).toBeUndefined();
      expect(acknowledgments.acknowledgedBytes).toBe(4 * 1280);
    });

    it('keeps as much outstanding as may have been acknowledged in its place', () => {
      const acknowledgments = resumed();
      for (const start of [6400, 7680, 8960]) acknowledgments.acknowledge(start, start + 1280);
      expect(acknowledgments.oldestOutstanding).toBe(640);
    });

    it('follows a counter that restarted', () => {
      const acknowledgments = resumed();
      for (const start of [6400, 0, 1280, 2560, 3840]) acknowledgments.acknowledge(start, start + 1280);
      expect(acknowledgments.serverOffset).toBe(0);
      expect(acknowledgments.outstandingSamples).toBe(0);
    });
  });

  it('accepts ranges whose end is included', () => {
    const acknowledgments = sent(3);
    for (const start of [0, 1280, 2560]) acknowledgments.acknowledge(start, start + 1279);
    expect(acknowledgments.acknowledgedBytes).toBe(3840);
  });

  it.each([
    [0, 0],
    [1280, 0],
    [-1280, 0],
    [0, 3842],
    [0, Number.MAX_VALUE],
    [0.5, 1280.5],
    [NaN, 1280],
  ])('ignores the invalid range %d to %d', (start, end) => {
    const acknowledgments = sent(3);
    expect(acknowledgments.acknowledge(start, end)).toBe(0);
    expect(acknowledgments.oldestOutstanding).toBe(0);
    expect(acknowledgments.serverOffset).toBeUndefined();
  });

  it('keeps the gap between what was sent before and after it', () => {
    const acknowledgments = sent(1);
    acknowledgments.sent(5_000, 640);
    acknowledgments.acknowledge(0, 1280);
    expect(acknowledgments.oldestOutstanding).toBe(5_000);
  });
});
