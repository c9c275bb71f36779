export const MASK_BYTES = 4;
