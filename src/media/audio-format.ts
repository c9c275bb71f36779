/** The audio format inside the service: 16 kHz, signed 16 bit, mono. */
export const SAMPLE_RATE_HZ = 16_000;

/** The length of a frame, which is also the step of the mix clock. */
export const FRAME_MS = 20;
export const FRAME_SAMPLES = (SAMPLE_RATE_HZ * FRAME_MS) / 1000;

export const msToSamples = (ms: number): number => Math.round((ms * SAMPLE_RATE_HZ) / 1000);
export const samplesToMs = (samples: number): number => (samples * 1000) / SAMPLE_RATE_HZ;
