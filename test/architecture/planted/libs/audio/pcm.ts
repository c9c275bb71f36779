export const SAMPLE_BYTES = 2;
