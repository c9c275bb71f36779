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
    return Float64Array.from({ length: block.length / 2 }, (_, i) => tapSum(input, i * 2));
  }
}

function tapSum(input: Float64Array, at: number): number {
  let sum = 0;
  for (let i = 0; i < taps; i++) sum += kernel[i]! * input[at + i]!;
  return sum;
}
