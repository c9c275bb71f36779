import { describe, expect, it } from '@jest/globals';
import { createPcmDecoder } from './pcm-decoder.js';
import { PCM_RATES_HZ, designFilter } from './resample-filter.js';
import { IMPLEMENTATIONS, aliasDb, decodeAll, delayMs, distortionDb, gainDb } from './resampling.spec-kit.js';
import { asStereo, bytesOf, tone } from './tone.spec-kit.js';

const noise = (bytes: number): Uint8Array => {
  let state = 12_345;
  return Uint8Array.from({ length: bytes }, () => (state = (state * 1_103_515_245 + 12_345) & 0x7fffffff) >> 16);
};

/** As `toEqual`, which is slow for so many samples. */
const expectSame = (a: Int16Array, b: Int16Array): void => {
  expect(a).toHaveLength(b.length);
  expect(a.findIndex((sample, i) => sample !== b[i])).toBe(-1);
};

const STEREO_48_KHZ = { rateHz: 48_000, channels: 2 } as const;

describe.each(IMPLEMENTATIONS)('48 kHz stereo through the %s implementation', (implementation) => {
  it('is flat to 7 kHz', () => {
    const tones = [100, 500, 1_000, 2_000, 3_500, 5_000, 6_000, 6_500, 7_000];
    const gains = tones.map((hz) => gainDb(hz, STEREO_48_KHZ, implementation));
    expect(Math.max(...gains.map(Math.abs))).toBeLessThanOrEqual(0.05);
  });

  it('has no aliasing', () => {
    const tones = [8_500, 9_000, 10_000, 12_000, 15_000, 15_900, 17_000, 20_000, 23_000];
    expect(Math.max(...tones.map((hz) => aliasDb(hz, STEREO_48_KHZ, implementation)))).toBeLessThanOrEqual(-75);
  });

  it('adds hardly any distortion or noise', () => {
    expect(distortionDb(1_000, STEREO_48_KHZ, implementation)).toBeLessThanOrEqual(-95);
  });

  it('delays by at most 2 ms', () => {
    expect(delayMs(STEREO_48_KHZ, implementation)).toBeGreaterThan(0);
    expect(delayMs(STEREO_48_KHZ, implementation)).toBeLessThanOrEqual(2);
  });

  it('never wraps on loud stereo', () => {
    const loud = asStereo(Int16Array.from({ length: 9_600 }, (_, i) => (i % 480 < 240 ? 32_767 : -32_768)));
    const samples = decodeAll(STEREO_48_KHZ, bytesOf(loud), [1920], implementation);
    const plateaus = samples.filter((_, i) => i > 200 && (i - 40) % 80 === 31);
    expect(plateaus.length).toBeGreaterThan(10);
    expect(Math.min(...plateaus.map(Math.abs))).toBeGreaterThan(32_000);
    const pair = bytesOf(asStereo(tone(997, 48_000, 48_000, 0.989)));
    expect(Math.max(...decodeAll(STEREO_48_KHZ, pair, [1920], implementation))).toBeLessThan(32_767);
  });
});

describe.each(PCM_RATES_HZ)('%i Hz', (rateHz) => {
  it('passes speech and suppresses what would alias', () => {
    const highest = Math.min(rateHz, 16_000) * 0.4375;
    const gains = [100, 1_000, highest].map((hz) => gainDb(hz, { rateHz, channels: 1 }));
    expect(Math.max(...gains.map(Math.abs))).toBeLessThanOrEqual(0.05);
    expect(distortionDb(1_000, { rateHz, channels: 1 })).toBeLessThanOrEqual(-95);
  });

  it('makes exactly 16,000 samples of a second', () => {
    expect(decodeAll({ rateHz, channels: 1 }, new Uint8Array(rateHz * 2), [882], 'fastest')).toHaveLength(16_000);
  });

  it.each([1, 2] as const)(
    'gives the same samples from both implementations and however the stream is cut (%i channels)',
    (channels) => {
      const bytes = noise(rateHz * channels);
      const whole = decodeAll({ rateHz, channels }, bytes, [1_920], 'reference');
      expect(whole.length).toBeGreaterThan(7_000);
      for (const pieces of [[1_920], [1], [3, 1, 977, 2, 5], [60_001]]) {
        expectSame(decodeAll({ rateHz, channels }, bytes, pieces, 'fastest'), whole);
      }
      expectSame(decodeAll({ rateHz, channels }, bytes, [7, 1_921], 'reference'), whole);
    },
  );

  it('keeps every partial sum within 32 bits', () => {
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

describe('PcmDecoder', () => {
  it('passes 16 kHz mono through untouched', () => {
    const samples = tone(440, 16_000, 1_600);
    expect(decodeAll({ rateHz: 16_000, channels: 1 }, bytesOf(samples), [321], 'fastest')).toEqual(samples);
  });

  it('starts from silence in memory that another track released', () => {
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
    for (const decoder of decoders) expectSame(decoder.decode(bytes), alone);
    for (const decoder of decoders) decoder.close();
  });

  it('refuses more than one message can carry', () => {
    const decoder = createPcmDecoder({ rateHz: 48_000, channels: 2 });
    expect(() => decoder.decode(new Uint8Array(100_000))).toThrow(RangeError);
    decoder.close();
  });
});
