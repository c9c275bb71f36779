/** The value that so many percent of the values do not exceed; null of nothing. */
export function percentile(values, percent) {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil((percent / 100) * sorted.length) - 1)];
}

export const median = (values) => percentile(values, 50);

/** Null where one of the two is not to be had. */
export const ratio = (a, b) => (a === null || b === null || b === 0 ? null : a / b);
