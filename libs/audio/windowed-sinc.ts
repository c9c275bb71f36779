/** The modified Bessel function of the first kind, order zero. */
const bessel0 = (x: number): number => {
  let term = 1;
  let sum = 1;
  for (let k = 1; term > sum * 1e-17; k++) sum += term *= (x / (2 * k)) ** 2;
  return sum;
};

/** The Kaiser window; positions run from -1 to 1. */
export const kaiserWindow = (beta: number): ((position: number) => number) => {
  const peak = bessel0(beta);
  return (position) => bessel0(beta * Math.sqrt(1 - position * position)) / peak;
};

export const sinc = (x: number): number => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x));
