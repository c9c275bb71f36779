import { designFilter, type PcmRateHz } from './resample-filter.js';
import { ReferenceResampler } from './reference-resampler.js';
import type { Resampler } from './resampler.js';
import { SimdEngine } from './simd-resampler.js';

/** How the PCM of a source is laid out: signed 16 bit, little endian, interleaved. */
export interface PcmFormat {
  readonly rateHz: PcmRateHz;
  readonly channels: 1 | 2;
}

/** Turns the bytes of one track into 16 kHz mono samples, whatever the pieces in which they come. */
export abstract class PcmDecoder {
  /**
   * Takes the next bytes; a sample cut in two is completed by the next call.
   * The returned view is overwritten by the next call on any decoder.
   */
  abstract decode(bytes: Uint8Array): Int16Array;
  /** Gives the track's state back. Idempotent; what is decoded afterwards is nothing. */
  abstract close(): void;
}

const NOTHING = new Int16Array(0);

class StreamingPcmDecoder extends PcmDecoder {
  readonly #resampler: Resampler;
  readonly #bytesPerInstant: number;
  readonly #cut = new Uint8Array(4);
  #cutBytes = 0;
  #closed = false;

  constructor(resampler: Resampler, channels: number) {
    super();
    this.#resampler = resampler;
    this.#bytesPerInstant = channels * 2;
  }

  override decode(bytes: Uint8Array): Int16Array {
    if (this.#closed) return NOTHING;
    const { input } = this.#resampler;
    const available = this.#cutBytes + bytes.length;
    if (available > input.length) throw new RangeError(`more than ${input.length} bytes at once`);
    for (let i = 0; i < this.#cutBytes; i++) input[i] = this.#cut[i] ?? 0;
    input.set(bytes, this.#cutBytes);
    const whole = available - (available % this.#bytesPerInstant);
    this.#cutBytes = available - whole;
    for (let i = 0; i < this.#cutBytes; i++) this.#cut[i] = input[whole + i] ?? 0;
    return this.#resampler.resample(whole / this.#bytesPerInstant);
  }

  override close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#resampler.close();
  }
}

const engine = SimdEngine.load();

/** The fast twin where the machine has WebAssembly SIMD, else the plain one: their samples are the same. */
export const createPcmDecoder = (format: PcmFormat, twin: 'fastest' | 'reference' = 'fastest'): PcmDecoder => {
  const filter = designFilter(format.rateHz);
  const resampler =
    twin === 'fastest' && engine !== null
      ? engine.resampler(filter, format.channels)
      : new ReferenceResampler(filter, format.channels);
  return new StreamingPcmDecoder(resampler, format.channels);
};
