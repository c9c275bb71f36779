import { Decimator } from './decimator.js';
import { Whitener } from './whitening.js';

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
