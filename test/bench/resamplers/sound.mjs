const noise = (samples) => Int16Array.from({ length: samples }, () => Math.random() * 12_000 - 6_000);

/** A second of noise in frames of 10 ms: 48 kHz stereo, interleaved. */
export const STEREO_FRAMES = Array.from({ length: 100 }, () => noise(960));

/** A second of noise in frames of 10 ms: 16 kHz mono. */
export const MONO_FRAMES = Array.from({ length: 100 }, () => noise(160));
