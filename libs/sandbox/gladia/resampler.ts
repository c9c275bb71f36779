const halfWidth = 12;

/** Windowed-sinc resampling of a 16 bit stream to another rate, at any ratio. */
export class Resampler {
  readonly #step: number;
  readonly #cutoff: number;
  readonly #reach: number;
  #input: number[];
  #position: number;

  constructor(
    private readonly fromHz: number,
    private readonly toHz: number,
  ) {
    this.#step = fromHz / toHz;
    this.#cutoff = Math.min(1, toHz / fromHz) * 0.95;
    this.#reach = Math.ceil(halfWidth / this.#cutoff);
    this.#input = new Array<number>(this.#reach).fill(0);
    this.#position = this.#reach;
  }

  write(samples: Int16Array): Int16Array {
    if (this.fromHz === this.toHz) return samples;
    for (const sample of samples) this.#input.push(sample);
    const output: number[] = [];
    for (; this.#position + this.#reach < this.#input.length; this.#position += this.#step)
      output.push(this.#at(this.#position));
    const used = Math.floor(this.#position) - this.#reach;
    this.#input = this.#input.slice(used);
    this.#position -= used;
    return Int16Array.from(output, (x) => Math.max(-32768, Math.min(32767, Math.round(x))));
  }

  #at(position: number): number {
    const middle = Math.floor(position);
    let sum = 0;
    for (let i = middle - this.#reach + 1; i <= middle + this.#reach; i++) {
      sum += this.#input[i]! * this.#weight(i - position);
    }
    return sum;
  }

  #weight(distance: number): number {
    const x = Math.PI * distance * this.#cutoff;
    const window = Math.max(0, 0.5 + 0.5 * Math.cos((Math.PI * distance) / (this.#reach + 1)));
    return this.#cutoff * window * (x === 0 ? 1 : Math.sin(x) / x);
  }
}
