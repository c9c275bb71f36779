import { createPcmDecoder, type PcmFormat } from './pcm-decoder.js';
import { FULL_SCALE, MINUS_1_DBFS, asStereo, bytesOf, decibels, fitSine, meanSquare, tone } from './tone.spec-kit.js';

export const IMPLEMENTATIONS = ['reference', 'fastest'] as const;
type Implementation = (typeof IMPLEMENTATIONS)[number];

const DELAY_TONE_HZ = 100;
const TONE_POWER = (FULL_SCALE * MINUS_1_DBFS) ** 2 / 2;

/** Decodes one stream, cut into chunks of the given lengths in turn. */
export const decodeAll = (
  format: PcmFormat,
  bytes: Uint8Array,
  pieces: readonly number[],
  implementation: Implementation = 'fastest',
): Int16Array => {
  const decoder = createPcmDecoder(format, implementation);
  const samples = new Int16Array(bytes.length);
  let length = 0;
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const piece = pieces[turn % pieces.length]!;
    const decoded = decoder.decode(bytes.subarray(at, at + piece));
    samples.set(decoded, length);
    length += decoded.length;
    at += piece;
  }
  decoder.close();
  return samples.slice(0, length);
};

/** One second of a tone at -1 dBFS after the filter has settled: whole periods of every whole frequency. */
const settled = (hz: number, format: PcmFormat, implementation: Implementation): Int16Array => {
  const mono = tone(hz, format.rateHz, 1.5 * format.rateHz);
  const bytes = bytesOf(format.channels === 2 ? asStereo(mono) : mono);
  return decodeAll(format, bytes, [1920], implementation).subarray(4_000, 20_000);
};

export const gainDb = (hz: number, format: PcmFormat, implementation: Implementation = 'fastest'): number =>
  decibels(fitSine(settled(hz, format, implementation), hz, 16_000).power / TONE_POWER);

/** The output level of a tone in the stopband: all of it is aliasing. */
export const aliasDb = (hz: number, format: PcmFormat, implementation: Implementation = 'fastest'): number =>
  decibels(meanSquare(settled(hz, format, implementation)) / TONE_POWER);

/** Distortion and noise (THD+N) beside a tone that passes. */
export const distortionDb = (hz: number, format: PcmFormat, implementation: Implementation = 'fastest'): number => {
  const { power, residual } = fitSine(settled(hz, format, implementation), hz, 16_000);
  return decibels(residual / power);
};

export const delayMs = (format: PcmFormat, implementation: Implementation = 'fastest'): number => {
  const { phase } = fitSine(settled(DELAY_TONE_HZ, format, implementation), DELAY_TONE_HZ, 16_000);
  return (-phase / (2 * Math.PI * DELAY_TONE_HZ)) * 1000;
};
