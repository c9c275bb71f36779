import { describe, expect, it } from '@jest/globals';
import { Limiter } from './limiter.js';
import { asStereo, tone, MINUS_1_DBFS } from './tone.spec-kit.js';

const FRAME = 320;

const limit = (sum: Int32Array): Int16Array => {
  const limiter = new Limiter();
  const limited = new Int16Array(sum.length);
  for (let at = 0; at < sum.length; at += FRAME) {
    limiter.process(sum.subarray(at, at + FRAME), limited.subarray(at, at + FRAME));
  }
  return limited;
};

const sumOf = (...voices: Int16Array[]): Int32Array =>
  Int32Array.from(voices[0]!, (_, i) => voices.reduce((sum, voice) => sum + voice[i]!, 0));

describe('the limiter', () => {
  it('passes a sum that fits, bit for bit', () => {
    const sum = Int32Array.from({ length: 3_200 }, (_, i) => ((i * 7_919) % 65_535) - 32_767);
    expect(limit(sum)).toEqual(Int16Array.from(sum));
  });

  it('never wraps eight voices at -1 dBFS', () => {
    const voices = [210, 330, 440, 550, 660, 770, 880, 990].map((hz) => tone(hz, 16_000, 16_000, MINUS_1_DBFS));
    const sum = sumOf(...voices);
    const limited = limit(sum);
    for (let i = 0; i < sum.length; i++) expect(Math.sign(limited[i]!) * Math.sign(sum[i]!)).toBeGreaterThanOrEqual(0);
    expect(limited.filter((sample) => Math.abs(sample) >= 32_767).length).toBeLessThan(0.01 * sum.length);
  });

  it('does not pump: the gain hardly moves while two voices go on', () => {
    const voice = tone(400, 16_000, 32_000, MINUS_1_DBFS);
    const limited = limit(sumOf(voice, voice));
    const gains = Array.from({ length: 80 }, (_, frame) => {
      const from = 6_400 + frame * FRAME;
      return Math.max(...limited.subarray(from, from + FRAME)) / 32_767;
    });
    expect(Math.max(...gains) / Math.min(...gains)).toBeLessThan(1.02);
  });

  it('restores full gain within half a second', () => {
    const loud = sumOf(tone(400, 16_000, 3_200), tone(400, 16_000, 3_200));
    const quiet = Int32Array.from(tone(400, 16_000, 9_600, 0.1));
    const limited = limit(Int32Array.from([...loud, ...quiet]));
    expect(limited.subarray(3_200 + 8_000)).toEqual(Int16Array.from(quiet.subarray(8_000)));
    expect(Math.max(...limited.subarray(3_200, 3_520))).toBeLessThan(0.1 * 32_767 * 0.7);
  });

  it('limits both channels of a loud stereo pair', () => {
    const pair = asStereo(tone(997, 48_000, 3_200, 0.989));
    const sum = Int32Array.from({ length: 3_200 }, (_, i) => pair[2 * i]! + pair[2 * i + 1]!);
    expect(Math.min(...Array.from(limit(sum), (sample, i) => sample * Math.sign(sum[i]!)))).toBeGreaterThanOrEqual(0);
  });
});
