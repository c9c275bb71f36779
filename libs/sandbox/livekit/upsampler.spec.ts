import { describe, expect, it } from '@jest/globals';
import { upsample16kTo48k } from './upsampler.js';

const tone = (hz: number, rateHz: number, samples: number): Int16Array =>
  Int16Array.from({ length: samples }, (_, i) => Math.round(10_000 * Math.sin((2 * Math.PI * hz * i) / rateHz)));

/** Root mean square of the difference away from the edges, in dB of the tone. */
function errorDb(got: Int16Array, wanted: Int16Array): number {
  const middle = wanted.length - 1200;
  let sum = 0;
  for (let i = 600; i < 600 + middle; i++) sum += ((got[i] ?? 0) - (wanted[i] ?? 0)) ** 2;
  return 20 * Math.log10(Math.sqrt(sum / middle) / (10_000 / Math.SQRT2));
}

describe('upsampling 16 kHz to 48 kHz', () => {
  it.each([200, 1000, 3000, 5500])('keeps a tone of %i Hz where and what it was', (hz) => {
    const upsampled = upsample16kTo48k(tone(hz, 16_000, 1600));
    expect(upsampled).toHaveLength(4800);
    expect(errorDb(upsampled, tone(hz, 48_000, 4800))).toBeLessThan(-60);
  });

  it('keeps silence and full scale', () => {
    expect(upsample16kTo48k(new Int16Array(100)).every((sample) => sample === 0)).toBe(true);
    const loud = upsample16kTo48k(new Int16Array(400).fill(32_767));
    expect(loud.subarray(300, 900).every((sample) => sample === 32_767)).toBe(true);
  });
});
