const FIRST_MS = 500;
const MOST_MS = 10_000;

/** How long to wait after failures in a row: 0.5 s, doubling up to 10 s, and different for each listener. */
export const backoffMs = (failures: number): number =>
  Math.min(FIRST_MS * 2 ** failures, MOST_MS) * (0.75 + Math.random() / 2);
