import { describe, expect, it } from '@jest/globals';
import { Resampler } from './resampler.js';

const tone = (rateHz: number, toneHz: number, samples: number): Int16Array =>
  Int16Array.from({ length: samples }, (_, i) => Math.round(8_000 * Math.sin((2 * Math.PI * toneHz * i) / rateHz)));

describe('resampler', () => {
  it.each([8_000, 32_000, 44_100, 48_000])('turns %i Hz into 16 kHz, whatever the blocks', (rateHz) => {
    const resampler = new Resampler(rateHz, 16_000);
    const input = tone(rateHz, 440, rateHz / 2);
    const output: number[] = [];
    for (let at = 0; at < input.length; at += 441) output.push(...resampler.write(input.subarray(at, at + 441)));
    const expected = tone(16_000, 440, output.length);
    expect(Math.abs(output.length - 8_000)).toBeLessThan(50);
    const worst = Math.max(...output.slice(100).map((x, i) => Math.abs(x - expected[i + 100]!)));
    expect(worst).toBeLessThan(120);
  });

  it('leaves 16 kHz as it is', () => {
    const input = tone(16_000, 300, 100);
    expect(new Resampler(16_000, 16_000).write(input)).toBe(input);
  });
});
