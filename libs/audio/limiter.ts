const CEILING = 32_767;
const BLOCK_SAMPLES = 40;
/** Full gain is restored within about 400 ms: slow enough not to pump, quick enough not to swallow the next word. */
const RELEASE_PER_BLOCK = 1 / 160;

/**
 * Limits a sum of voices to 16 bits. A sum that fits passes unchanged, bit for bit. Otherwise the gain is reduced 2.5 ms
 * ahead of the peak and restored slowly. Nothing wraps around: a peak without look-ahead is clipped.
 */
export class Limiter {
  #gain = 1;

  /** Whether the gain is still reduced. */
  get active(): boolean {
    return this.#gain < 1;
  }

  /** Writes the limited `sum` to `output`, which has the same length. */
  process(sum: Int32Array, output: Int16Array): void {
    if (!this.active && peak(sum, 0, sum.length) <= CEILING) {
      output.set(sum);
      return;
    }
    for (let start = 0; start < sum.length; start += BLOCK_SAMPLES) {
      const end = Math.min(sum.length, start + BLOCK_SAMPLES);
      const allowed = CEILING / Math.max(CEILING, peak(sum, start, end + BLOCK_SAMPLES));
      const target = Math.min(allowed, this.#gain + RELEASE_PER_BLOCK);
      this.#ramp(sum, output, start, end, target);
    }
  }

  #ramp(sum: Int32Array, output: Int16Array, start: number, end: number, target: number): void {
    const from = this.#gain;
    const step = (target - from) / (end - start);
    for (let i = start; i < end; i++) {
      const sample =
        step === 0 && from === 1 ? (sum[i] ?? 0) : Math.round((sum[i] ?? 0) * (from + step * (i - start + 1)));
      output[i] = Math.max(-CEILING - 1, Math.min(CEILING, sample));
    }
    this.#gain = target;
  }
}

const peak = (samples: Int32Array, start: number, end: number): number => {
  let highest = 0;
  const last = Math.min(end, samples.length);
  for (let i = start; i < last; i++) {
    const level = Math.abs(samples[i]!);
    if (level > highest) highest = level;
  }
  return highest;
};
