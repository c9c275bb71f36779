import { designFilter, type PcmRateHz } from './resample-filter.js';
import { ReferenceResampler } from './reference-resampler.js';
import type { Resampler } from './resampler.js';
import { SimdEngine } from './simd-resampler.js';

/** The PCM of a source: signed 16 bit, little endian, channels interleaved. */
export interface PcmFormat {
  readonly rateHz: PcmRateHz;
  readonly channels: 1 | 2;
}

/** Decodes the bytes of one track to 16 kHz mono samples, however they are cut into chunks. */
export abstract class PcmDecoder {
  /**
   * Decodes the next bytes; a sample that is cut in two is completed by the next call.
   * The returned view is overwritten by the next call on any decoder.
   * @throws RangeError for more than 64 KiB at once
   */
  abstract decode(bytes: Uint8Array): Int16Array;
  /** Releases the track's state. Idempotent; later calls of `decode` return nothing. */
  abstract close(): void;
}

const NO_SAMPLES = new Int16Array(0);

class StreamingPcmDecoder extends PcmDecoder {
  readonly #resampler: Resampler;
  readonly #bytesPerFrame: number;
  readonly #rest = new Uint8Array(4);
  #restBytes = 0;
  #closed = false;

  constructor(resampler: Resampler, channels: number) {
    super();
    this.#resampler = resampler;
    this.#bytesPerFrame = channels * 2;
  }

  override decode(bytes: Uint8Array): Int16Array {
    if (this.#closed) return NO_SAMPLES;
    const { input } = this.#resampler;
    const available = this.#restBytes + bytes.length;
    if (available > input.length) throw new RangeError(`more than ${input.length} bytes at once`);
    for (let i = 0; i < this.#restBytes; i++) input[i] = this.#rest[i] ?? 0;
    input.set(bytes, this.#restBytes);
    const whole = available - (available % this.#bytesPerFrame);
    this.#restBytes = available - whole;
    for (let i = 0; i < this.#restBytes; i++) this.#rest[i] = input[whole + i] ?? 0;
    return this.#resampler.resample(whole / this.#bytesPerFrame);
  }

  override close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#resampler.close();
  }
}

const simd = SimdEngine.load();

/** Uses the SIMD implementation where WebAssembly SIMD is available, else the reference: their samples are identical. */
export const createPcmDecoder = (
  format: PcmFormat,
  implementation: 'fastest' | 'reference' = 'fastest',
): PcmDecoder => {
  const filter = designFilter(format.rateHz);
  const resampler =
    implementation === 'fastest' && simd !== null
      ? simd.resampler(filter, format.channels)
      : new ReferenceResampler(filter, format.channels);
  return new StreamingPcmDecoder(resampler, format.channels);
};
