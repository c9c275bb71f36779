import { Fft } from './fft.js';

/** Where a template was taken: which sentence, and how many coarse samples from its start. */
export interface Anchor {
  readonly sentence: number;
  readonly offset: number;
}

/** Two templates of unit energy in one spectrum: correlation with `real` comes out real, with `imaginary` imaginary. */
export interface TemplatePair {
  readonly real: Anchor;
  readonly imaginary: Anchor;
  readonly re: Float32Array;
  readonly im: Float32Array;
}

/** Templates of equal length, ready to be multiplied with a stream's spectrum. */
export class TemplateBank {
  readonly fft: Fft;
  readonly pairs: readonly TemplatePair[];

  constructor(
    fftSize: number,
    readonly templateSamples: number,
    sounds: readonly Float32Array[],
    anchors: readonly Anchor[],
  ) {
    this.fft = new Fft(fftSize);
    const even = anchors.length % 2 ? [...anchors, anchors[0]!] : anchors;
    this.pairs = Array.from({ length: even.length / 2 }, (_, i) => this.#pair(sounds, even[i * 2]!, even[i * 2 + 1]!));
  }

  #pair(sounds: readonly Float32Array[], real: Anchor, imaginary: Anchor): TemplatePair {
    const first = this.#spectrum(sounds[real.sentence]!, real.offset);
    const second = this.#spectrum(sounds[imaginary.sentence]!, imaginary.offset);
    const re = new Float32Array(this.fft.size);
    const im = new Float32Array(this.fft.size);
    for (let k = 0; k < this.fft.size; k++) {
      re[k] = first.re[k]! + second.im[k]!;
      im[k] = second.re[k]! - first.im[k]!;
    }
    return { real, imaginary, re, im };
  }

  /** Unit energy, and divided by the FFT's size, so that the inverse transform yields correlations as they are. */
  #spectrum(sound: Float32Array, offset: number): { re: Float64Array; im: Float64Array } {
    const re = new Float64Array(this.fft.size);
    const im = new Float64Array(this.fft.size);
    re.set(sound.subarray(offset, offset + this.templateSamples));
    const norm = this.fft.size * Math.sqrt(re.reduce((sum, x) => sum + x * x, 0));
    re.forEach((x, i) => (re[i] = x / norm));
    this.fft.forward(re, im);
    return { re, im };
  }
}
