export const FULL_SCALE = 32_767;
export const MINUS_1_DBFS = 10 ** (-1 / 20);

export const decibels = (powerRatio: number): number => 10 * Math.log10(powerRatio);

/** A sine as S16 samples. */
export const tone = (hz: number, rateHz: number, samples: number, amplitude = MINUS_1_DBFS): Int16Array =>
  new Int16Array(samples).map((_, i) => Math.round(FULL_SCALE * amplitude * Math.sin((2 * Math.PI * hz * i) / rateHz)));

/** Like a vowel: a tone and its harmonics, each weaker in proportion to its frequency. */
export const vowel = (hz: number, harmonics: number, rateHz: number, samples: number, amplitude: number): Int16Array =>
  new Int16Array(samples).map((_, i) => {
    let sum = 0;
    for (let k = 1; k <= harmonics; k++) sum += Math.sin((2 * Math.PI * k * hz * i) / rateHz + k * k) / k;
    return Math.round(FULL_SCALE * amplitude * sum);
  });

/** The same samples on both channels. */
export const asStereo = (mono: Int16Array): Int16Array => new Int16Array(mono.length * 2).map((_, i) => mono[i >> 1]!);

export const bytesOf = (samples: Int16Array): Uint8Array =>
  new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);

export const meanSquare = (samples: ArrayLike<number>): number => {
  let sum = 0;
  for (let i = 0; i < samples.length; i++) sum += samples[i]! ** 2;
  return sum / samples.length;
};

export interface SineFit {
  /** Mean square of the sine found. */
  readonly power: number;
  /** Mean square of the rest, without the sine and DC. */
  readonly residual: number;
  readonly phase: number;
}

/** Least-squares sine of a known frequency; give whole periods. */
export const fitSine = (samples: ArrayLike<number>, hz: number, rateHz: number): SineFit => {
  let inPhase = 0;
  let quadrature = 0;
  let mean = 0;
  for (let i = 0; i < samples.length; i++) {
    const angle = (2 * Math.PI * hz * i) / rateHz;
    inPhase += samples[i]! * Math.sin(angle);
    quadrature += samples[i]! * Math.cos(angle);
    mean += samples[i]!;
  }
  const scale = 2 / samples.length;
  const power = ((inPhase * scale) ** 2 + (quadrature * scale) ** 2) / 2;
  const residual = meanSquare(samples) - power - (mean / samples.length) ** 2;
  return { power, residual, phase: Math.atan2(quadrature, inPhase) };
};
