import type { Fft } from './fft.js';
import type { History } from './history.js';
import { copyLowHalf, type Anchor, type Spectrum, type TemplateBank } from './template-bank.js';

/** A guess: this sentence began at `start` (coarse samples of the stream, below zero when it was under way). */
export interface Match {
  readonly sentence: number;
  readonly start: number;
  /** Normalised correlation, 0..1. */
  readonly score: number;
}

/** Below this energy a sample (whitened, S16 scale) there is nothing to search: about -60 dBFS of speech. */
const quietPower = 25;

/**
 * What reaches the threshold in the whole band reaches this share of it in its lower half, at half the rate: the
 * whitener leaves the upper half less than a tenth of the energy.
 */
const lowShare = 0.4;

/** Overlap-save matched filter: finds a bank's templates in a stream, one best place a template and block. */
export class SentenceSearch {
  readonly #spectrum: { re: Float64Array; im: Float64Array };
  readonly #lowSpectrum: { re: Float64Array; im: Float64Array };
  /** Correlations with two templates, the real and the imaginary part. */
  readonly #product: { re: Float64Array; im: Float64Array };
  readonly #lowProduct: { re: Float64Array; im: Float64Array };
  /** Per start in the block: 1 / sqrt(energy under a template that starts there). */
  readonly #scale: Float64Array;
  readonly #hop: number;
  #next: number;

  constructor(
    private readonly bank: TemplateBank,
    private readonly threshold: number,
  ) {
    const { size } = bank.fft;
    [this.#spectrum, this.#product] = [emptySpectrum(size), emptySpectrum(size)];
    [this.#lowSpectrum, this.#lowProduct] = [emptySpectrum(size / 2), emptySpectrum(size / 2)];
    this.#hop = size - bank.templateSamples;
    this.#scale = new Float64Array(this.#hop);
    this.#next = this.#hop;
  }

  /** Searches what is new in the stream; empty until a block is full. */
  search(stream: History): Match[] {
    if (stream.end < this.#next) return [];
    const blockStart = this.#next - this.bank.fft.size;
    this.#next += this.#hop;
    const block = stream.span(Math.max(0, blockStart), blockStart + this.bank.fft.size);
    if (!block || !this.#load(block)) return [];
    return this.bank.pairs.flatMap(({ real, imaginary, low, whole }) => {
      correlate(this.#lowSpectrum, low, this.#lowProduct, this.bank.lowFft);
      if (!this.#mayFit(this.#lowProduct.re) && !this.#mayFit(this.#lowProduct.im)) return [];
      correlate(this.#spectrum, whole, this.#product, this.bank.fft);
      return [
        ...this.#best(this.#product.re, real, blockStart),
        ...this.#best(this.#product.im, imaginary, blockStart),
      ];
    });
  }

  /** Takes the block's spectrum and energies; false when the block is quiet. */
  #load(block: Float32Array): boolean {
    const { re, im } = this.#spectrum;
    const lead = this.bank.fft.size - block.length;
    re.fill(0, 0, lead);
    im.fill(0);
    re.set(block, lead);
    const { templateSamples } = this.bank;
    const quiet = quietPower * templateSamples;
    let energy = 0;
    let loudest = 0;
    for (let i = 0; i < templateSamples; i++) energy += re[i]! * re[i]!;
    for (let start = 0; start < this.#hop; start++) {
      this.#scale[start] = energy > quiet ? 1 / Math.sqrt(energy) : 0;
      loudest = Math.max(loudest, energy);
      energy += re[start + templateSamples]! ** 2 - re[start]! ** 2;
    }
    if (loudest <= quiet) return false;
    this.bank.fft.forward(re, im);
    copyLowHalf(this.#spectrum, this.#lowSpectrum);
    return true;
  }

  #mayFit(lowCorrelation: Float64Array): boolean {
    const enough = lowShare * this.threshold;
    for (let i = 0; 2 * i < this.#hop; i++) if (lowCorrelation[i]! * this.#scale[2 * i]! > enough) return true;
    return false;
  }

  #best(correlation: Float64Array, anchor: Anchor, blockStart: number): Match[] {
    let score = this.threshold;
    let at = -1;
    for (let i = 0; i < this.#hop; i++) {
      const value = correlation[i]! * this.#scale[i]!;
      if (value <= score) continue;
      score = value;
      at = i;
    }
    return at < 0 ? [] : [{ sentence: anchor.sentence, start: blockStart + at - anchor.offset, score }];
  }
}

const emptySpectrum = (size: number) => ({ re: new Float64Array(size), im: new Float64Array(size) });

function correlate(sound: Spectrum, template: Spectrum, to: { re: Float64Array; im: Float64Array }, fft: Fft): void {
  const { re: soundRe, im: soundIm } = sound;
  const { re: templateRe, im: templateIm } = template;
  const { re, im } = to;
  for (let k = 0; k < re.length; k++) {
    re[k] = soundRe[k]! * templateRe[k]! - soundIm[k]! * templateIm[k]!;
    im[k] = soundRe[k]! * templateIm[k]! + soundIm[k]! * templateRe[k]!;
  }
  fft.inverse(re, im);
}
