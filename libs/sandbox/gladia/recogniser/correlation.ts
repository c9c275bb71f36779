/** A place at which two sounds fit, and how well: normalised correlation, -1..1. */
export interface Fit {
  readonly lag: number;
  readonly score: number;
  /** How loud the template is in the sound. */
  readonly gain: number;
}

/**
 * The best fit of `template` in `sound`, for lags `fromLag` to `toLag`; lag 0 is the template over `sound[origin…]`.
 * Every lag must lie inside `sound`.
 */
export function bestFit(
  template: Float32Array,
  sound: Float32Array,
  origin: number,
  fromLag: number,
  toLag: number,
): Fit {
  const templateEnergy = energyOf(template, 0, template.length);
  let energy = energyOf(sound, origin + fromLag, template.length);
  let best: Fit = { lag: 0, score: -1, gain: 0 };
  for (let lag = fromLag; lag <= toLag; lag++) {
    const at = origin + lag;
    const product = dot(template, sound, at);
    const score = product / Math.sqrt(templateEnergy * energy + 1);
    if (score > best.score) best = { lag, score, gain: product / (templateEnergy + 1) };
    energy = Math.max(0, energy + (sound[at + template.length] ?? 0) ** 2 - sound[at]! ** 2);
  }
  return best;
}

const parts = 4;
const substantialShare = 0.08;
const leastShare = 0.2;

/** False when a part of the template is silent in `sound`, which begins where the template does. */
export function isAllThere(template: Float32Array, sound: Float32Array, gain: number): boolean {
  const length = Math.floor(template.length / parts);
  const whole = energyOf(template, 0, template.length);
  return Array.from({ length: parts }, (_, i) => i * length).every((at) => {
    const share = energyOf(template, at, length);
    return share < substantialShare * whole || energyOf(sound, at, length) > leastShare * share * gain * gain;
  });
}

function dot(template: Float32Array, sound: Float32Array, at: number): number {
  let sum = 0;
  for (let i = 0; i < template.length; i++) sum += template[i]! * sound[at + i]!;
  return sum;
}

function energyOf(sound: Float32Array, at: number, length: number): number {
  let sum = 0;
  for (let i = at; i < at + length; i++) sum += sound[i]! * sound[i]!;
  return sum;
}
