/** The value that so many percent of the values do not exceed; null of nothing. */
export function percentile(values: readonly number[], percent: number): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil((percent / 100) * sorted.length) - 1)] ?? null;
}

export const median = (values: readonly number[]): number | null => percentile(values, 50);

/** Null where one of the two is missing. */
export const ratio = (a: number | null, b: number | null): number | null =>
  a === null || b === null || b === 0 ? null : a / b;

interface Point {
  readonly x: number;
  readonly y: number;
}

/** How fast `y` rises with `x`, by the straight line that fits best; null of fewer than two points. */
export function slope(points: readonly Point[]): number | null {
  if (points.length < 2) return null;
  const mean = (of: keyof Point): number => points.reduce((sum, point) => sum + point[of], 0) / points.length;
  const [x, y] = [mean('x'), mean('y')];
  const spread = points.reduce((sum, point) => sum + (point.x - x) ** 2, 0);
  return spread === 0 ? null : points.reduce((sum, point) => sum + (point.x - x) * (point.y - y), 0) / spread;
}

export interface LatencyFigures {
  readonly p50: number | null;
  readonly p99: number | null;
  readonly max: number | null;
  /** How many delays were measured. */
  readonly onsets: number;
}

export const latencyFigures = (delaysMs: readonly number[]): LatencyFigures => ({
  p50: percentile(delaysMs, 50),
  p99: percentile(delaysMs, 99),
  max: percentile(delaysMs, 100),
  onsets: delaysMs.length,
});
