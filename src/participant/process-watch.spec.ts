import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ManualClock } from '../media/manual-clock.spec-kit.js';
import { ProcessWatch, type ProcessFault } from './process-watch.js';

describe('ProcessWatch', () => {
  let clock: ManualClock;
  let found: ProcessFault[];
  let watch: ProcessWatch;

  beforeEach(() => {
    clock = new ManualClock();
    found = [];
    const nowMs = (): number => clock.monotonicMs();
    watch = new ProcessWatch({ memoryBytes: 1_000 }, (fault) => found.push(fault), nowMs);
  });
  afterEach(() => {
    watch.close();
  });

  const pass = (ms: number, each: () => void = () => undefined): void => {
    for (let passed = 0; passed < ms; passed += 200) {
      clock.advance(200);
      each();
      watch.check();
    }
  };

  it('reports a process without a sign of life for a second, once', () => {
    watch.recordMemory(1);
    pass(800);
    expect(found).toEqual([]);
    pass(2_000);
    expect(found).toEqual(['hung']);
  });

  it('counts audio as a sign of life', () => {
    watch.recordMemory(1);
    pass(5_000, () => watch.recordActivity());
    expect(found).toEqual([]);
  });

  it('gives it time to start', () => {
    pass(14_000);
    expect(found).toEqual([]);
    pass(2_000);
    expect(found).toEqual(['hung']);
  });

  it('does not blame it for a pause of the service itself', () => {
    watch.recordMemory(1);
    clock.advance(10_000);
    watch.check();
    pass(800);
    expect(found).toEqual([]);
  });

  it('reports a process that takes too much memory, but not in its first minute', () => {
    pass(59_000, () => watch.recordMemory(2_000));
    expect(found).toEqual([]);
    pass(2_000, () => watch.recordMemory(2_000));
    expect(found).toEqual(['leaking']);
    pass(2_000);
    expect(found).toEqual(['leaking', 'hung']);
  });
});
