import { percentile } from '../statistics.mjs';

/** What the delays of all bursts come to. */
export const latencyOf = (delaysMs) => ({
  p50: percentile(delaysMs, 50),
  p99: percentile(delaysMs, 99),
  max: percentile(delaysMs, 100),
  onsets: delaysMs.length,
});
