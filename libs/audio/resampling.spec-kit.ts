import { createPcmDecoder, type PcmFormat } from './pcm-decoder.js';
import { FULL_SCALE, MINUS_1_DBFS, asStereo, bytesOf, decibels, fitSine, meanSquare, tone } from './tone.spec-kit.js';

export const TWINS = ['reference', 'fastest'] as const;
type Twin = (typeof TWINS)[number];

const DELAY_TONE_HZ = 100;
const TONE_POWER = (FULL_SCALE * MINUS_1_DBFS) ** 2 / 2;

/** Decodes in one stream, in pieces of the lengths given in turn. */
export const decodeAll = (
  format: PcmFormat,
  bytes: Uint8Array,
  pieces: readonly number[],
  twin: Twin = 'fastest',
): Int16Array => {
  const decoder = createPcmDecoder(format, twin);
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
const settled = (hz: number, format: PcmFormat, twin: Twin): Int16Array => {
  const mono = tone(hz, format.rateHz, 1.5 * format.rateHz);
  const bytes = bytesOf(format.channels === 2 ? asStereo(mono) : mono);
  return decodeAll(format, bytes, [1920], twin).subarray(4_000, 20_000);
};

export const gainDb = (hz: number, format: PcmFormat, twin: Twin = 'fastest'): number =>
  decibels(fitSine(settled(hz, format, twin), hz, 16_000).power / TONE_POWER);

/** Everything that comes out of a tone that is not to be heard. */
export const aliasDb = (hz: number, format: PcmFormat, twin: Twin = 'fastest'): number =>
  decibels(meanSquare(settled(hz, format, twin)) / TONE_POWER);

/** Distortion and noise (THD+N) beside a tone that passes. */
export const distortionDb = (hz: number, format: PcmFormat, twin: Twin = 'fastest'): number => {
  const { power, residual } = fitSine(settled(hz, format, twin), hz, 16_000);
  return decibels(residual / power);
};

export const delayMs = (format: PcmFormat, twin: Twin = 'fastest'): number => {
  const { phase } = fitSine(settled(DELAY_TONE_HZ, format, twin), DELAY_TONE_HZ, 16_000);
  return (-phase / (2 * Math.PI * DELAY_TONE_HZ)) * 1000;
};
