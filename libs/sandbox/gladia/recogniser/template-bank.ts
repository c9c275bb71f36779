import { Fft } from './fft.js';

/** Where a template was taken: which sentence, and how many coarse samples from its start. */
export interface Anchor {
  readonly sentence: number;
  readonly offset: number;
}

/** In the bit-reversed order of `Fft`. */
export interface Spectrum {
  readonly re: Float32Array | Float64Array;
  readonly im: Float32Array | Float64Array;
}

/** Two templates of unit energy in one spectrum: correlation with `real` comes out real, with `imaginary` imaginary. */
export interface TemplatePair {
  readonly real: Anchor;
  readonly imaginary: Anchor;
  readonly whole: Spectrum;
  /** The lower half of the band, for a transform of half the size. */
  readonly low: Spectrum;
}

/** Templates of equal length, ready to be multiplied with a stream's spectrum. */
export class TemplateBank {
  readonly fft: Fft;
  readonly lowFft: Fft;
  readonly pairs: readonly TemplatePair[];

  constructor(
    fftSize: number,
    readonly templateSamples: number,
    sounds: readonly Float32Array[],
    anchors: readonly Anchor[],
  ) {
    this.fft = new Fft(fftSize);
    this.lowFft = new Fft(fftSize / 2);
    const even = anchors.length % 2 ? [...anchors, anchors[0]!] : anchors;
    this.pairs = Array.from({ length: even.length / 2 }, (_, i) => this.#pair(sounds, even[i * 2]!, even[i * 2 + 1]!));
  }

  #pair(sounds: readonly Float32Array[], real: Anchor, imaginary: Anchor): TemplatePair {
    const first = this.#spectrum(sounds[real.sentence]!, real.offset);
    const second = this.#spectrum(sounds[imaginary.sentence]!, imaginary.offset);
    const whole = { re: new Float32Array(this.fft.size), im: new Float32Array(this.fft.size) };
    for (let k = 0; k < this.fft.size; k++) {
      whole.re[k] = first.re[k]! + second.im[k]!;
      whole.im[k] = second.re[k]! - first.im[k]!;
    }
    const low = { re: new Float32Array(this.fft.size / 2), im: new Float32Array(this.fft.size / 2) };
    copyLowHalf(whole, low);
    return { real, imaginary, whole, low };
  }

  /** Unit energy, and divided by the FFT's size, so that the inverse transform yields correlations as they are. */
  #spectrum(sound: Float32Array, offset: number): { re: Float64Array; im: Float64Array } {
    const re = new Float64Array(this.fft.size);
    const im = new Float64Array(this.fft.size);
    re.set(sound.subarray(offset, offset + this.templateSamples));
    let energy = 0;
    for (const x of re) energy += x * x;
    const norm = this.fft.size * Math.sqrt(energy);
    for (let i = 0; i < this.templateSamples; i++) re[i] = re[i]! / norm;
    this.fft.forward(re, im);
    return { re, im };
  }
}

/** The lower half of the band, as the spectrum of the same signal at half the rate; both in bit-reversed order. */
export function copyLowHalf(from: Spectrum, to: Spectrum): void {
  for (let k = 0; k < to.re.length; k += 2) {
    to.re[k] = from.re[2 * k]!;
    to.im[k] = from.im[2 * k]!;
    to.re[k + 1] = from.re[2 * k + 3]!;
    to.im[k + 1] = from.im[2 * k + 3]!;
  }
}
