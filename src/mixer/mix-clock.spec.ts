import { describe, expect, it } from '@jest/globals';
import { ManualClock } from '../media/manual-clock.spec-kit.js';
import { MixClock } from './mix-clock.js';

const started = (): { time: ManualClock; clock: MixClock; steps: number[] } => {
  const time = new ManualClock();
  const steps: number[] = [];
  return { time, clock: new MixClock(time, (step) => steps.push(step)), steps };
};

describe('the mix clock', () => {
  it('runs a step for each 20 ms that have passed, in order', () => {
    const { time, clock, steps } = started();
    for (const ms of [19, 1, 20, 0, 19, 2, 19]) {
      time.advance(ms);
      clock.run();
    }
    expect(steps).toEqual([0, 1, 2, 3]);
    expect(clock.nextStep).toBe(4);
  });

  it('does not drift by a frame in an hour, however unevenly it is called', () => {
    const { time, clock, steps } = started();
    for (let turn = 0; time.monotonicMs() < 3_600_000; turn++) {
      time.advance(7 + (turn % 9) * 1.7);
      clock.run();
    }
    expect(steps).toHaveLength(Math.floor(time.monotonicMs() / 20));
  });

  it('reports when the next step is due', () => {
    const { time, clock } = started();
    expect(clock.untilNextMs).toBe(20);
    time.advance(27);
    expect(clock.untilNextMs).toBe(0);
    clock.run();
    expect(clock.untilNextMs).toBe(13);
  });

  it('lets the sockets be read before it catches up after a stall, a few steps per turn', () => {
    const { time, clock, steps } = started();
    time.advance(2_000);
    clock.run();
    expect(steps).toHaveLength(0);
    expect(clock.currentStep).toBe(100);
    const perTurn: number[] = [];
    while (clock.nextStep < clock.currentStep) {
      const before = steps.length;
      time.advance(10);
      clock.run();
      perTurn.push(steps.length - before);
    }
    expect(Math.max(...perTurn)).toBe(4);
    expect(time.monotonicMs()).toBeLessThan(2_400);
    expect(steps).toEqual(Array.from({ length: steps.length }, (_, step) => step));
    time.advance(20);
    clock.run();
    expect(clock.nextStep).toBe(clock.currentStep);
  });

  it('waits for sound that is still in the sockets, but no longer than the stall was', () => {
    const time = new ManualClock();
    const steps: number[] = [];
    let starves = false;
    const clock = new MixClock(
      time,
      (step) => steps.push(step),
      () => starves,
    );
    time.advance(60);
    clock.run();
    starves = true;
    clock.run();
    expect(steps).toEqual([]);
    starves = false;
    clock.run();
    expect(steps).toEqual([0, 1, 2]);
    time.advance(60);
    clock.run();
    starves = true;
    for (let waitedMs = 0; waitedMs < 60; waitedMs += 10) {
      expect(steps).toHaveLength(3);
      time.advance(10);
      clock.run();
    }
    expect(steps).toHaveLength(7);
  });
});
