const FULL_SCALE_POWER = 32_768 ** 2;

/** Mean power of samples, 0..1 (full scale squared). */
export const meanPower = (samples: Int16Array): number => {
  if (samples.length === 0) return 0;
  let sum = 0;
  for (let i = 0; i < samples.length; i++) {
    const sample = samples[i]!;
    sum += sample * sample;
  }
  return sum / (samples.length * FULL_SCALE_POWER);
};

/** A level relative to full scale as a power. */
export const powerOfDbfs = (dbfs: number): number => 10 ** (dbfs / 10);
