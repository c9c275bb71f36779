/** 16 kHz to 48 kHz: windowed sinc, split into the three phases of a polyphase filter. */
const FACTOR = 3;
const TAPS_PER_PHASE = 32;
/** Of the input's Nyquist frequency: the rest is the filter's slope. */
const CUTOFF = 0.94;

const PHASES = Array.from({ length: FACTOR }, (_, phase) => phaseTaps(phase));

/** Mono 16 kHz samples as 48 kHz samples, three times as many, in step with the original. */
export function upsample16kTo48k(samples: Int16Array): Int16Array {
  const upsampled = new Int16Array(samples.length * FACTOR);
  for (let i = 0; i < samples.length; i++) {
    for (let phase = 0; phase < FACTOR; phase++) {
      upsampled[i * FACTOR + phase] = convolve(samples, i, PHASES[phase] as Float64Array);
    }
  }
  return upsampled;
}

/** The taps that weigh the input around a point `phase / 3` of a sample after it. */
function phaseTaps(phase: number): Float64Array {
  const taps = Float64Array.from({ length: TAPS_PER_PHASE }, (_, tap) => weightAt(offsetOf(tap) - phase / FACTOR));
  const gain = taps.reduce((sum, tap) => sum + tap, 0);
  return taps.map((tap) => tap / gain);
}

/** Where a tap is relative to the sample in the middle. */
function offsetOf(tap: number): number {
  return tap - TAPS_PER_PHASE / 2 + 1;
}

function weightAt(distanceSamples: number): number {
  const x = Math.PI * CUTOFF * distanceSamples;
  const sinc = x === 0 ? 1 : Math.sin(x) / x;
  return sinc * blackman(distanceSamples / (TAPS_PER_PHASE / 2));
}

function blackman(position: number): number {
  if (Math.abs(position) >= 1) return 0;
  return 0.42 + 0.5 * Math.cos(Math.PI * position) + 0.08 * Math.cos(2 * Math.PI * position);
}

function convolve(samples: Int16Array, center: number, taps: Float64Array): number {
  let sum = 0;
  for (let tap = 0; tap < TAPS_PER_PHASE; tap++) {
    sum += (samples[center + offsetOf(tap)] ?? 0) * (taps[tap] as number);
  }
  return Math.max(-32_768, Math.min(32_767, Math.round(sum)));
}
