/**
 * Complex FFT for correlation. `forward` leaves its result in bit-reversed order and `inverse` expects that order, so
 * a product of two spectra needs no reordering at all. `inverse` does not divide by the size.
 */
export class Fft {
  readonly #cos: Float64Array;
  readonly #sin: Float64Array;

  constructor(readonly size: number) {
    if (!Number.isInteger(Math.log2(size))) throw new Error('FFT size must be a power of two');
    this.#cos = Float64Array.from({ length: size / 2 }, (_, k) => Math.cos((2 * Math.PI * k) / size));
    this.#sin = Float64Array.from({ length: size / 2 }, (_, k) => Math.sin((2 * Math.PI * k) / size));
  }

  forward(re: Float64Array, im: Float64Array): void {
    const { size } = this;
    for (let half = size >> 1, stride = 1; half >= 1; half >>= 1, stride <<= 1) {
      for (let k = 0, twiddle = 0; k < half; k++, twiddle += stride) {
        const c = this.#cos[twiddle]!;
        const s = this.#sin[twiddle]!;
        for (let a = k, b = k + half; a < size; a += half << 1, b += half << 1) {
          const dr = re[a]! - re[b]!;
          const di = im[a]! - im[b]!;
          re[a] = re[a]! + re[b]!;
          im[a] = im[a]! + im[b]!;
          re[b] = dr * c + di * s;
          im[b] = di * c - dr * s;
        }
      }
    }
  }

  inverse(re: Float64Array, im: Float64Array): void {
    const { size } = this;
    for (let half = 1, stride = size >> 1; half < size; half <<= 1, stride >>= 1) {
      for (let base = 0; base < size; base += half << 1) {
        for (let a = base, b = base + half, twiddle = 0; a < base + half; a++, b++, twiddle += stride) {
          const c = this.#cos[twiddle]!;
          const s = this.#sin[twiddle]!;
          const tr = re[b]! * c - im[b]! * s;
          const ti = im[b]! * c + re[b]! * s;
          re[b] = re[a]! - tr;
          im[b] = im[a]! - ti;
          re[a] = re[a]! + tr;
          im[a] = im[a]! + ti;
        }
      }
    }
  }
}
