import type { PcmFormat } from '../../../libs/audio/pcm-decoder.js';
import { aliasDb, delayMs, distortionDb, gainDb } from '../../../libs/audio/resampling.spec-kit.js';

const USUAL: PcmFormat = { rateHz: 48_000, channels: 2 };
const OTHER_RATES_HZ = [44_100, 32_000, 24_000, 16_000, 8_000] as const;
const THD_TONE_HZ = 1_000;
/** The lobes of the filter are 250 Hz wide: none falls between two tones. */
const TONES_APART_HZ = 100;

export type ResamplingFigures = ReturnType<typeof measureResampling>;

/** What the resampler makes of single tones, 48 kHz stereo unless said otherwise. */
export function measureResampling() {
  const otherRates = OTHER_RATES_HZ.map((rateHz) => ({
    rateHz,
    thdNoiseDb: distortionDb(THD_TONE_HZ, { rateHz, channels: 1 }),
  }));
  return {
    rippleDb: Math.max(...tonesHz(TONES_APART_HZ, 7_000).map((hz) => Math.abs(gainDb(hz, USUAL)))),
    worstAliasDb: Math.max(...tonesHz(8_500, 23_000).map((hz) => aliasDb(hz, USUAL))),
    thdNoiseDb: distortionDb(THD_TONE_HZ, USUAL),
    delayMs: delayMs(USUAL),
    otherRates,
    worstOtherThdNoiseDb: Math.max(...otherRates.map(({ thdNoiseDb }) => thdNoiseDb)),
  };
}

const tonesHz = (lowest: number, highest: number): number[] =>
  Array.from({ length: (highest - lowest) / TONES_APART_HZ + 1 }, (_, i) => lowest + i * TONES_APART_HZ);
