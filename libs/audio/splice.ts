/**
 * Makes `output` begin like `samples` and end like `samples` that many places later (`shift` > 0: that much is left out)
 * or earlier (`shift` < 0: that much is heard twice). The two are crossfaded, so that no edge is heard.
 * `samples` holds at least `output.length + max(0, shift)`; `output` consumes `output.length + shift` of them.
 */
export const splice = (samples: Int16Array, shift: number, output: Int16Array): void => {
  const start = Math.max(0, -shift);
  const length = output.length - start;
  for (let i = 0; i < start; i++) output[i] = samples[i] ?? 0;
  for (let i = start; i < output.length; i++) {
    const late = (i - start + 1) / length;
    output[i] = Math.round((samples[i] ?? 0) * (1 - late) + (samples[i + shift] ?? 0) * late);
  }
};

/** The shift between two bounds (both of one sign) at which the samples resemble themselves most: whole periods of a voice. */
export const bestShift = (samples: Int16Array, nearest: number, farthest: number, length: number): number => {
  const step = Math.sign(farthest);
  let best = nearest;
  let least = Infinity;
  for (let shift = nearest; shift !== farthest + step; shift += step) {
    const difference = meanDifference(samples, shift, length);
    if (difference >= least) continue;
    least = difference;
    best = shift;
  }
  return best;
};

const meanDifference = (samples: Int16Array, shift: number, length: number): number => {
  const start = Math.max(0, -shift);
  let sum = 0;
  for (let i = start; i < length; i++) sum += ((samples[i] ?? 0) - (samples[i + shift] ?? 0)) ** 2;
  return sum / (length - start);
};
