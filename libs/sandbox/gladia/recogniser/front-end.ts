/** Rate of the signal in which words are verified. */
export const fineHz = 8_000;
/** Rate of the signal in which sentences are searched. */
export const coarseHz = 4_000;

/** The two error filters, made from the recordings. */
export interface Predictors {
  readonly fine: Float64Array;
  readonly coarse: Float64Array;
}

/** A block of sound at both rates, whitened. */
export interface WhitenedBlock {
  readonly fine: Float32Array;
  readonly coarse: Float32Array;
}

/** Turns 16 kHz sound into what is searched. Recordings and streams pass the same one, so its delay cancels. */
export class FrontEnd {
  readonly #bands = new Bands();
  readonly #fine: Whitener;
  readonly #coarse: Whitener;

  constructor(predictors: Predictors) {
    this.#fine = new Whitener(predictors.fine);
    this.#coarse = new Whitener(predictors.coarse);
  }

  /** The block's length must be a multiple of four. */
  write(block: ArrayLike<number>): WhitenedBlock {
    const { fine, coarse } = this.#bands.write(block);
    return { fine: this.#fine.write(fine), coarse: this.#coarse.write(coarse) };
  }
}

/** Decimates 16 kHz to both rates. */
export class Bands {
  readonly #toFine = new Decimator();
  readonly #toCoarse = new Decimator();

  write(block: ArrayLike<number>): { fine: Float64Array; coarse: Float64Array } {
    const fine = this.#toFine.write(block);
    return { fine, coarse: this.#toCoarse.write(fine) };
  }
}

const taps = 31;
const middle = (taps - 1) / 2;

/** Half-band low pass: a windowed sinc at a quarter of the input rate. */
const kernel = Float64Array.from({ length: taps }, (_, i) => {
  const x = (i - middle) / 2;
  const sinc = x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
  return (sinc / 2) * (0.54 + 0.46 * Math.cos((Math.PI * (i - middle)) / (middle + 1)));
});

/** Halves the rate of a stream. Blocks must have an even length. */
class Decimator {
  #past = new Float64Array(taps - 1);

  write(block: ArrayLike<number>): Float64Array {
    const input = new Float64Array(taps - 1 + block.length);
    input.set(this.#past);
    input.set(block, taps - 1);
    this.#past = input.slice(input.length - (taps - 1));
    const output = new Float64Array(block.length / 2);
    for (let i = 0; i < output.length; i++) {
      let sum = 0;
      for (let tap = 0; tap < taps; tap++) sum += kernel[tap]! * input[i * 2 + tap]!;
      output[i] = sum;
    }
    return output;
  }
}

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
class Whitener {
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
