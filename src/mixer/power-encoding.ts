/** A hundredth of a decibel. */
const STEPS_PER_DB = 100;
const FAINTEST_DBFS = -150;
const LOUDEST_DBFS = 0;
const CODES = (LOUDEST_DBFS - FAINTEST_DBFS) * STEPS_PER_DB + 2;

/** By code; 0 is silence. */
const POWERS = Float32Array.from({ length: CODES }, (_, code) =>
  code === 0 ? 0 : 10 ** (((code - 1) / STEPS_PER_DB + FAINTEST_DBFS) / 10),
);

/** A mean power of 0..1 in 14 bits, right to a hundredth of a decibel. */
export function codeOfPower(power: number): number {
  if (power <= 0) return 0;
  const steps = Math.round((10 * Math.log10(power) - FAINTEST_DBFS) * STEPS_PER_DB) + 1;
  return Math.max(1, Math.min(CODES - 1, steps));
}

export function powerOfCode(code: number): number {
  return POWERS[code] ?? 0;
}
