/** Exponentials of a pass that joins four transforms of `quarter` points: powers 1, 2 and 3 of exp(2πik / 4 quarter). */
interface Pass {
  readonly quarter: number;
  /** Six numbers for each k: real and imaginary part of each power. */
  readonly twiddles: Float64Array;
}

/**
 * Complex FFT for correlation. `forward` leaves its result in bit-reversed order and `inverse` expects that order, so
 * a product of two spectra needs no reordering at all. `inverse` does not divide by the size.
 */
export class Fft {
  readonly #cos: Float64Array;
  readonly #sin: Float64Array;
  readonly #passes: readonly Pass[];

  constructor(readonly size: number) {
    const bits = Math.log2(size);
    if (!Number.isInteger(bits)) throw new Error('FFT size must be a power of two');
    this.#cos = Float64Array.from({ length: size / 2 }, (_, k) => Math.cos((2 * Math.PI * k) / size));
    this.#sin = Float64Array.from({ length: size / 2 }, (_, k) => Math.sin((2 * Math.PI * k) / size));
    this.#passes = Array.from({ length: bits >> 1 }, (_, i) => passOf(4 ** i * (bits % 2 ? 2 : 1)));
  }

  /** Radix 2, decimation in frequency. */
  forward(re: Float64Array, im: Float64Array): void {
    const { size } = this;
    const [cos, sin] = [this.#cos, this.#sin];
    for (let half = size >> 1, stride = 1; half >= 1; half >>= 1, stride <<= 1) {
      for (let base = 0; base < size; base += half << 1) {
        for (let a = base, b = base + half, twiddle = 0; a < base + half; a++, b++, twiddle += stride) {
          const dr = re[a]! - re[b]!;
          const di = im[a]! - im[b]!;
          re[a] = re[a]! + re[b]!;
          im[a] = im[a]! + im[b]!;
          re[b] = dr * cos[twiddle]! + di * sin[twiddle]!;
          im[b] = di * cos[twiddle]! - dr * sin[twiddle]!;
        }
      }
    }
  }

  /** Radix 4, decimation in time: there are many times as many inverse transforms as forward ones. */
  inverse(re: Float64Array, im: Float64Array): void {
    if (this.#passes[0]?.quarter !== 1) joinPairs(re, im);
    for (const pass of this.#passes) joinFours(re, im, pass);
  }
}

function passOf(quarter: number): Pass {
  const twiddles = Float64Array.from({ length: 6 * quarter }, (_, i) => {
    const [k, power] = [Math.floor(i / 6), 1 + ((i % 6) >> 1)];
    const angle = (Math.PI * k * power) / (2 * quarter);
    return i % 2 ? Math.sin(angle) : Math.cos(angle);
  });
  return { quarter, twiddles };
}

function joinPairs(re: Float64Array, im: Float64Array): void {
  for (let a = 0; a < re.length; a += 2) {
    const ar = re[a]!;
    const ai = im[a]!;
    re[a] = ar + re[a + 1]!;
    im[a] = ai + im[a + 1]!;
    re[a + 1] = ar - re[a + 1]!;
    im[a + 1] = ai - im[a + 1]!;
  }
}

function joinFours(re: Float64Array, im: Float64Array, { quarter, twiddles }: Pass): void {
  for (let base = 0; base < re.length; base += 4 * quarter) {
    for (let a = base, w = 0; a < base + quarter; a++, w += 6) {
      const b = a + quarter;
      const c = b + quarter;
      const d = c + quarter;
      // In bit-reversed order the second quarter holds the even half of the odd ones: power 2, the third power 1.
      const br = re[b]! * twiddles[w + 2]! - im[b]! * twiddles[w + 3]!;
      const bi = im[b]! * twiddles[w + 2]! + re[b]! * twiddles[w + 3]!;
      const cr = re[c]! * twiddles[w]! - im[c]! * twiddles[w + 1]!;
      const ci = im[c]! * twiddles[w]! + re[c]! * twiddles[w + 1]!;
      const dr = re[d]! * twiddles[w + 4]! - im[d]! * twiddles[w + 5]!;
      const di = im[d]! * twiddles[w + 4]! + re[d]! * twiddles[w + 5]!;
      const evenSumRe = re[a]! + br;
      const evenSumIm = im[a]! + bi;
      const evenDifferenceRe = re[a]! - br;
      const evenDifferenceIm = im[a]! - bi;
      re[a] = evenSumRe + (cr + dr);
      im[a] = evenSumIm + (ci + di);
      re[b] = evenDifferenceRe - (ci - di);
      im[b] = evenDifferenceIm + (cr - dr);
      re[c] = evenSumRe - (cr + dr);
      im[c] = evenSumIm - (ci + di);
      re[d] = evenDifferenceRe + (ci - di);
      im[d] = evenDifferenceIm - (cr - dr);
    }
  }
}
