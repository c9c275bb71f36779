const taps = 31;
const middle = (taps - 1) / 2;

/** Half-band low pass: a windowed sinc at a quarter of the input rate. */
const kernel = Float64Array.from({ length: taps }, (_, i) => {
  const x = (i - middle) / 2;
  const sinc = x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
  return (sinc / 2) * (0.54 + 0.46 * Math.cos((Math.PI * (i - middle)) / (middle + 1)));
});

/** Halves the rate of a stream. Blocks must have an even length. */
export class Decimator {
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
