import { describe, expect, it } from '@jest/globals';
import { createPcmDecoder, type PcmFormat } from './pcm-decoder.js';
import { PCM_RATES_HZ, designFilter, type PcmRateHz } from './resample-filter.js';
import { MINUS_1_DBFS, FULL_SCALE, asStereo, bytesOf, decibels, fitSine, meanSquare, tone } from './tone.spec-kit.js';

const TWINS = ['reference', 'fastest'] as const;
type Twin = (typeof TWINS)[number];

/** Decodes in one stream, in pieces of the lengths given in turn. */
const decodeAll = (format: PcmFormat, bytes: Uint8Array, pieces: readonly number[], twin: Twin): Int16Array => {
  const decoder = createPcmDecoder(format, twin);
  const samples: number[] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const piece = pieces[turn % pieces.length]!;
    samples.push(...decoder.decode(bytes.subarray(at, at + piece)));
    at += piece;
  }
  decoder.close();
  return Int16Array.from(samples);
};

/** One second of a tone at -1 dBFS after the filter has settled: whole periods of every whole frequency. */
const settled = (hz: number, rateHz: PcmRateHz, channels: 1 | 2, twin: Twin): Int16Array => {
  const mono = tone(hz, rateHz, 1.5 * rateHz);
  const bytes = bytesOf(channels === 2 ? asStereo(mono) : mono);
  return decodeAll({ rateHz, channels }, bytes, [1920], twin).subarray(4_000, 20_000);
};

const TONE_POWER = (FULL_SCALE * MINUS_1_DBFS) ** 2 / 2;
const gainDb = (hz: number, rateHz: PcmRateHz, channels: 1 | 2, twin: Twin): number =>
  decibels(fitSine(settled(hz, rateHz, channels, twin), hz, 16_000).power / TONE_POWER);

const noise = (bytes: number): Uint8Array => {
  let state = 12_345;
  return Uint8Array.from({ length: bytes }, () => (state = (state * 1_103_515_245 + 12_345) & 0x7fffffff) >> 16);
};

describe.each(TWINS)('48 kHz stereo through the %s twin', (twin) => {
  it('is flat to 7 kHz', () => {
    const gains = [100, 500, 1_000, 2_000, 3_500, 5_000, 6_000, 6_500, 7_000].map((hz) => gainDb(hz, 48_000, 2, twin));
    expect(Math.max(...gains.map(Math.abs))).toBeLessThanOrEqual(0.05);
  });

  it('lets no alias through', () => {
    const tones = [8_500, 9_000, 10_000, 12_000, 15_000, 15_900, 17_000, 20_000, 23_000];
    const leaks = tones.map((hz) => decibels(meanSquare(settled(hz, 48_000, 2, twin)) / TONE_POWER));
    expect(Math.max(...leaks)).toBeLessThanOrEqual(-75);
  });

  it('adds neither distortion nor noise to speak of', () => {
    const { power, residual } = fitSine(settled(1_000, 48_000, 2, twin), 1_000, 16_000);
    expect(decibels(residual / power)).toBeLessThanOrEqual(-95);
  });

  it('delays by at most 2 ms', () => {
    const { phase } = fitSine(settled(100, 48_000, 2, twin), 100, 16_000);
    const delayMs = (-phase / (2 * Math.PI * 100)) * 1000;
    expect(delayMs).toBeGreaterThan(0);
    expect(delayMs).toBeLessThanOrEqual(2);
  });

  it('never wraps on loud stereo', () => {
    const loud = asStereo(Int16Array.from({ length: 9_600 }, (_, i) => (i % 480 < 240 ? 32_767 : -32_768)));
    const samples = decodeAll({ rateHz: 48_000, channels: 2 }, bytesOf(loud), [1920], twin);
    const plateaus = samples.filter((_, i) => i > 200 && (i - 40) % 80 === 31);
    expect(plateaus.length).toBeGreaterThan(10);
    expect(Math.min(...plateaus.map(Math.abs))).toBeGreaterThan(32_000);
    expect(
      Math.max(
        ...decodeAll(
          { rateHz: 48_000, channels: 2 },
          bytesOf(asStereo(tone(997, 48_000, 48_000, 0.989))),
          [1920],
          twin,
        ),
      ),
    ).toBeLessThan(32_767);
  });
});

describe.each(PCM_RATES_HZ)('%i Hz', (rateHz) => {
  it('passes speech and keeps out what would fold back', () => {
    const highest = Math.min(rateHz, 16_000) * 0.4375;
    const gains = [100, 1_000, highest].map((hz) => gainDb(hz, rateHz, 1, 'fastest'));
    expect(Math.max(...gains.map(Math.abs))).toBeLessThanOrEqual(0.05);
    const { power, residual } = fitSine(settled(1_000, rateHz, 1, 'fastest'), 1_000, 16_000);
    expect(decibels(residual / power)).toBeLessThanOrEqual(-95);
  });

  it('makes exactly 16,000 samples of a second', () => {
    expect(decodeAll({ rateHz, channels: 1 }, new Uint8Array(rateHz * 2), [882], 'fastest')).toHaveLength(16_000);
  });

  it.each([1, 2] as const)(
    'gives the same samples from both twins and however the stream is cut (%i channels)',
    (channels) => {
      const bytes = noise(rateHz * channels);
      const whole = decodeAll({ rateHz, channels }, bytes, [1_920], 'reference');
      expect(whole.length).toBeGreaterThan(7_000);
      for (const pieces of [[1_920], [1], [3, 1, 977, 2, 5], [60_001]]) {
        expect(decodeAll({ rateHz, channels }, bytes, pieces, 'fastest')).toEqual(whole);
      }
      expect(decodeAll({ rateHz, channels }, bytes, [7, 1_921], 'reference')).toEqual(whole);
    },
  );

  it('keeps every sum within 32 bits a lane', () => {
    const { coefficients, fine = new Int16Array(0), taps } = designFilter(rateHz);
    for (const each of [coefficients, fine]) {
      for (let phase = 0; phase < each.length; phase += taps) {
        const lanes = [0, 0, 0, 0, 0, 0, 0, 0];
        for (let tap = 0; tap < taps; tap++) lanes[(tap >> 1) % 8]! += Math.abs(each[phase + tap]!);
        expect(Math.max(...lanes)).toBeLessThan(65_536);
      }
    }
  });
});

describe('a decoder', () => {
  it('passes 16 kHz mono through untouched', () => {
    const samples = tone(440, 16_000, 1_600);
    expect(decodeAll({ rateHz: 16_000, channels: 1 }, bytesOf(samples), [321], 'fastest')).toEqual(samples);
  });

  it('starts a track that was given back from silence', () => {
    const first = createPcmDecoder({ rateHz: 48_000, channels: 1 });
    first.decode(noise(1_920));
    first.close();
    first.close();
    const second = createPcmDecoder({ rateHz: 48_000, channels: 1 });
    expect(second.decode(new Uint8Array(1_920))).toEqual(new Int16Array(320));
    expect(first.decode(noise(1_920))).toHaveLength(0);
    second.close();
  });

  it('keeps 500 tracks apart', () => {
    const bytes = noise(1_920);
    const alone = decodeAll({ rateHz: 48_000, channels: 2 }, bytes, [1_920], 'reference');
    const decoders = Array.from({ length: 500 }, () => createPcmDecoder({ rateHz: 48_000, channels: 2 }));
    for (const decoder of decoders) expect(decoder.decode(bytes)).toEqual(alone);
    for (const decoder of decoders) decoder.close();
  });

  it('refuses more than one message can carry', () => {
    const decoder = createPcmDecoder({ rateHz: 48_000, channels: 2 });
    expect(() => decoder.decode(new Uint8Array(100_000))).toThrow(RangeError);
    decoder.close();
  });
});
