const halfWidth = 12;
const phases = 512;

/** Windowed-sinc resampling of a 16 bit stream to another rate, at any ratio. */
export class Resampler {
  readonly #step: number;
  readonly #reach: number;
  /** Per fraction of a sample, the weights of the samples around it. */
  readonly #kernels: readonly Float64Array[];
  #input: Float64Array;
  #position: number;

  constructor(
    private readonly fromHz: number,
    private readonly toHz: number,
  ) {
    this.#step = fromHz / toHz;
    const cutoff = Math.min(1, toHz / fromHz) * 0.95;
    this.#reach = Math.ceil(halfWidth / cutoff);
    this.#kernels = Array.from({ length: phases }, (_, phase) => kernel(this.#reach, cutoff, phase / phases));
    this.#input = new Float64Array(this.#reach);
    this.#position = this.#reach;
  }

  write(samples: Int16Array): Int16Array {
    if (this.fromHz === this.toHz) return samples;
    const input = new Float64Array(this.#input.length + samples.length);
    input.set(this.#input);
    input.set(samples, this.#input.length);
    const count = Math.max(0, Math.ceil((input.length - this.#reach - this.#position) / this.#step));
    const output = new Int16Array(count);
    for (let i = 0; i < count; i++, this.#position += this.#step) output[i] = this.#at(input, this.#position);
    const used = Math.floor(this.#position) - this.#reach;
    this.#input = input.slice(used);
    this.#position -= used;
    return output;
  }

  #at(input: Float64Array, position: number): number {
    const middle = Math.floor(position);
    const weights = this.#kernels[Math.floor((position - middle) * phases)]!;
    const first = middle - this.#reach + 1;
    let sum = 0;
    for (let i = 0; i < weights.length; i++) sum += weights[i]! * input[first + i]!;
    return Math.max(-32768, Math.min(32767, Math.round(sum)));
  }
}

function kernel(reach: number, cutoff: number, fraction: number): Float64Array {
  return Float64Array.from({ length: reach * 2 }, (_, i) => {
    const distance = i - reach + 1 - fraction;
    const x = Math.PI * distance * cutoff;
    const window = Math.max(0, 0.5 + 0.5 * Math.cos((Math.PI * distance) / (reach + 1)));
    return cutoff * window * (x === 0 ? 1 : Math.sin(x) / x);
  });
}
