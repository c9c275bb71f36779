import type { History } from './history.js';
import type { Anchor, TemplateBank, TemplatePair } from './template-bank.js';

/** A guess: this sentence began at `start` (coarse samples of the stream, below zero when it was under way). */
export interface Sighting {
  readonly sentence: number;
  readonly start: number;
  /** Normalised correlation, 0..1. */
  readonly score: number;
}

/** Below this energy a sample (whitened, S16 scale) there is nothing to search: about -60 dBFS of speech. */
const quietPower = 25;

/** Overlap-save matched filter: finds a bank's templates in a stream, one best place a template and block. */
export class SentenceSearch {
  readonly #re: Float64Array;
  readonly #im: Float64Array;
  readonly #spectrumRe: Float64Array;
  readonly #spectrumIm: Float64Array;
  /** Per start in the block: 1 / sqrt(energy under a template that starts there). */
  readonly #scale: Float64Array;
  readonly #hop: number;
  #next: number;

  constructor(
    private readonly bank: TemplateBank,
    private readonly threshold: number,
  ) {
    const { size } = bank.fft;
    [this.#re, this.#im] = [new Float64Array(size), new Float64Array(size)];
    [this.#spectrumRe, this.#spectrumIm] = [new Float64Array(size), new Float64Array(size)];
    this.#hop = size - bank.templateSamples;
    this.#scale = new Float64Array(this.#hop);
    this.#next = this.#hop;
  }

  /** Searches what is new in the stream; empty until a block is full. */
  look(stream: History): Sighting[] {
    if (stream.end < this.#next) return [];
    const blockStart = this.#next - this.bank.fft.size;
    this.#next += this.#hop;
    const block = stream.span(Math.max(0, blockStart), blockStart + this.bank.fft.size);
    if (!block || !this.#load(block)) return [];
    return this.bank.pairs.flatMap((pair) => this.#correlate(pair, blockStart));
  }

  /** Takes the block's spectrum and energies; false when the block is quiet. */
  #load(block: Float32Array): boolean {
    const [re, im, lead] = [this.#spectrumRe, this.#spectrumIm, this.bank.fft.size - block.length];
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
    return true;
  }

  #correlate(pair: TemplatePair, blockStart: number): Sighting[] {
    const [re, im, sr, si] = [this.#re, this.#im, this.#spectrumRe, this.#spectrumIm];
    for (let k = 0; k < re.length; k++) {
      re[k] = sr[k]! * pair.re[k]! - si[k]! * pair.im[k]!;
      im[k] = sr[k]! * pair.im[k]! + si[k]! * pair.re[k]!;
    }
    this.bank.fft.inverse(re, im);
    return [...this.#best(re, pair.real, blockStart), ...this.#best(im, pair.imaginary, blockStart)];
  }

  #best(correlation: Float64Array, anchor: Anchor, blockStart: number): Sighting[] {
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
