import { FINE_STEPS, type ResampleFilter } from './resample-filter.js';
import { MAX_INPUT_BYTES, type Resampler } from './resampler.js';
import { SampleViews } from './sample-views.js';

const INPUT = new Uint8Array(MAX_INPUT_BYTES);
const BYTES = new DataView(INPUT.buffer);
const MAX_TAPS = 192;
const WORK = new Float64Array(MAX_TAPS + MAX_INPUT_BYTES / 2);
const OUTPUT = new SampleViews(new Int16Array(MAX_INPUT_BYTES));

/** The plain implementation: it defines the results of the SIMD code, and serves where there is no WebAssembly SIMD. */
export class ReferenceResampler implements Resampler {
  readonly input = INPUT;
  readonly #filter: ResampleFilter;
  readonly #channels: number;
  readonly #coefficients: Float64Array;
  readonly #history: Float64Array;
  #phase = 0;
  #position = 0;

  constructor(filter: ResampleFilter, channels: number) {
    this.#filter = filter;
    this.#channels = channels;
    const { coefficients, fine } = filter;
    this.#coefficients = Float64Array.from(coefficients, (coarse, i) =>
      fine === undefined ? coarse : coarse * FINE_STEPS + fine[i]!,
    );
    this.#history = new Float64Array(filter.taps);
  }

  resample(count: number): Int16Array {
    const { taps, up, down } = this.#filter;
    WORK.set(this.#history);
    this.#downmix(count);
    let made = 0;
    for (; this.#position < count; made++) {
      OUTPUT.all[made] = this.#sampleAt(this.#position + 1);
      this.#phase += down;
      this.#position += Math.floor(this.#phase / up);
      this.#phase %= up;
    }
    this.#position -= count;
    for (let tap = 0; tap < taps; tap++) this.#history[tap] = WORK[count + tap] ?? 0;
    return OUTPUT.first(made);
  }

  close(): void {}

  #downmix(count: number): void {
    const { taps } = this.#filter;
    for (let i = 0; i < count; i++) {
      WORK[taps + i] =
        this.#channels === 1
          ? BYTES.getInt16(2 * i, true)
          : (BYTES.getInt16(4 * i, true) + BYTES.getInt16(4 * i + 2, true) + 1) >> 1;
    }
  }

  #sampleAt(start: number): number {
    const { taps, gain } = this.#filter;
    const offset = this.#phase * taps;
    let sum = 0;
    for (let tap = 0; tap < taps; tap++) sum += (WORK[start + tap] ?? 0) * (this.#coefficients[offset + tap] ?? 0);
    return Math.min(32_767, Math.max(-32_768, Math.floor(sum * gain + 0.5)));
  }
}
