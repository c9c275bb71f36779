import { describe, expect, it } from '@jest/globals';
import { bestShift, splice } from './splice.js';
import { tone } from './tone.spec-kit.js';

/** Room for the longest shift on each side. */
const HERE = 640;

describe('splice', () => {
  it.each([
    [40, 320],
    [-320, -40],
  ])('finds whole periods between %i and %i, so that a tone goes on as if nothing was', (least, greatest) => {
    const samples = tone(250, 16_000, 1_400, 0.5);
    const shift = bestShift(samples, HERE, [least, greatest], 320);
    expect(Math.abs(shift) % 64).toBe(0);
    const output = new Int16Array(320);
    splice(samples, HERE, HERE + shift, output);
    expect(output).toEqual(samples.subarray(HERE, HERE + 320));
  });

  it.each([83, 117, 440, 866.7])(
    'finds pitch periods of %d Hz that are no whole samples, and continues between two samples',
    (hz) => {
      const samples = tone(hz, 16_000, 1_400, 0.5);
      for (const bounds of [
        [40, 320],
        [-320, -40],
      ] as const) {
        const shift = bestShift(samples, HERE, bounds, 320);
        const periods = (shift * hz) / 16_000;
        expect(Math.abs(periods - Math.round(periods))).toBeLessThan(0.0005);
        const output = new Int16Array(320);
        splice(samples, HERE, HERE + shift, output);
        const errors = output.map((sample, i) => Math.abs(sample - samples[HERE + i]!));
        expect(Math.max(...errors)).toBeLessThan(16_383 / 500);
      }
    },
  );

  it('cross-fades without an edge where nothing matches', () => {
    const samples = tone(150, 16_000, 1_400, 0.5);
    for (const shift of [320, 50, -50, -160]) {
      const output = new Int16Array(320);
      splice(samples, HERE, HERE + shift, output);
      const joined = Int16Array.from([...output, ...samples.subarray(HERE + 320 + shift, HERE + 380 + shift)]);
      const steps = joined.slice(1).map((sample, i) => Math.abs(sample - joined[i]!));
      expect(Math.max(...steps)).toBeLessThan(1_300);
      expect(output[0]).toBeCloseTo(samples[HERE]!, -2);
      expect(output[319]).toBe(samples[HERE + 319 + shift]);
    }
  });
});
