import { describe, expect, it } from '@jest/globals';
import { tone } from '../../../libs/audio/tone.spec-kit.js';
import { msToSamples } from '../../media/audio-format.js';
import { babble, speech } from '../sound.spec-kit.js';
import { findAlignment } from './alignment.js';

const SECONDS = msToSamples(1_000);
const alice = speech(20, 1);
const bob = speech(20, 1_000);

describe('findAlignment', () => {
  it.each([-2_900, -1_333, -158, -7, 0, 3, 158, 1_001, 2_900])(
    'finds a copy that is %d ms off, to the sample',
    (ms) => {
      const start = 4 * SECONDS;
      const offset = msToSamples(ms);
      const reference = alice.subarray(start, start + 5 * SECONDS);
      const newcomer = alice.subarray(start + offset, start + offset + 5 * SECONDS);
      expect(findAlignment(reference, newcomer)).toBe(offset);
    },
  );

  it('finds it in recordings of very different lengths, and looks at the newest eight seconds of long ones', () => {
    expect(findAlignment(alice.subarray(0, 10 * SECONDS), alice.subarray(9 * SECONDS, 10 * SECONDS))).toBe(9 * SECONDS);
    expect(findAlignment(alice.subarray(0, 15 * SECONDS), alice.subarray(SECONDS, 16 * SECONDS))).toBe(SECONDS);
    const late = alice.subarray(6 * SECONDS, 14 * SECONDS);
    expect(findAlignment(alice.subarray(0, 8 * SECONDS), late, 4 * SECONDS)).toBe(6 * SECONDS);
  });

  it('finds it at another level, with noise, and after another filter', () => {
    const reference = alice.subarray(0, 3 * SECONDS);
    const noise = babble(3 * SECONDS, 7);
    const noisy = reference.map((sample, i) => sample * 0.5 + noise[i]! / 40);
    expect(findAlignment(reference, noisy.subarray(1_234))).toBe(1_234);
    const dull = reference.map((sample, i) => (sample + (reference[i - 1] ?? 0)) / 2);
    expect(Math.abs((findAlignment(reference, dull.subarray(1_234)) ?? 0) - 1_234)).toBeLessThanOrEqual(1);
  });

  it('finds nothing between different voices, in noise, in silence or in a hum', () => {
    expect(findAlignment(alice.subarray(0, 4 * SECONDS), bob.subarray(0, 4 * SECONDS))).toBeUndefined();
    expect(findAlignment(babble(2 * SECONDS, 1), babble(2 * SECONDS, 2))).toBeUndefined();
    expect(findAlignment(new Int16Array(2 * SECONDS), new Int16Array(2 * SECONDS))).toBeUndefined();
    expect(findAlignment(alice.subarray(0, SECONDS), new Int16Array(100))).toBeUndefined();
    const hum = tone(50, 16_000, 5 * SECONDS, 0.2);
    expect(findAlignment(hum.subarray(0, 4 * SECONDS), hum.subarray(SECONDS))).toBeUndefined();
    const beeps = hum.map((sample, i) => (i % 8_000 < 3_000 ? sample : 0));
    expect(findAlignment(beeps.subarray(0, 4 * SECONDS), beeps.subarray(SECONDS))).toBeUndefined();
  });
});
