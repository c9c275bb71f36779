const order = 16;

/**
 * The linear predictor of what is common to all the given sounds (Levinson-Durbin on their mean autocorrelation).
 * Filtering with it flattens the long-term spectrum, which makes the peaks of a correlation narrow.
 */
export function predictorOf(sounds: readonly Float64Array[]): Float64Array {
  const r = new Float64Array(order + 1);
  for (const sound of sounds) for (let lag = 0; lag <= order; lag++) r[lag] = r[lag]! + autocorrelation(sound, lag);
  r[0] = r[0]! * 1.0005;
  return levinson(r);
}

function autocorrelation(sound: Float64Array, lag: number): number {
  let sum = 0;
  for (let i = lag; i < sound.length; i++) sum += sound[i]! * sound[i - lag]!;
  return sum;
}

function levinson(r: Float64Array): Float64Array {
  let a = Float64Array.of(1, ...new Float64Array(order));
  let error = r[0]!;
  for (let m = 1; m <= order; m++) {
    let acc = 0;
    for (let i = 0; i < m; i++) acc += a[i]! * r[m - i]!;
    const reflection = -acc / error;
    const previous = a;
    a = a.map((value, i) => (i >= 1 && i <= m ? value + reflection * previous[m - i]! : value));
    error *= 1 - reflection * reflection;
  }
  return a;
}

/**
 * Applies a predictor's error filter to a stream, and takes the top of the band down: a sound that lies half a sample
 * off would not fit there.
 */
export class Whitener {
  readonly #kernel: Float64Array;
  #past: Float64Array;

  constructor(predictor: Float64Array) {
    const tap = (i: number): number => predictor[i] ?? 0;
    this.#kernel = Float64Array.from({ length: order + 3 }, (_, i) => (tap(i) + 2 * tap(i - 1) + tap(i - 2)) / 4);
    this.#past = new Float64Array(this.#kernel.length - 1);
  }

  write(block: Float64Array): Float32Array {
    const past = this.#past.length;
    const input = new Float64Array(past + block.length);
    input.set(this.#past);
    input.set(block, past);
    this.#past = input.slice(input.length - past);
    const output = new Float32Array(block.length);
    const kernel = this.#kernel;
    for (let at = 0; at < output.length; at++) {
      let sum = 0;
      for (let i = 0; i < kernel.length; i++) sum += kernel[i]! * input[at + past - i]!;
      output[at] = sum;
    }
    return output;
  }
}
