/** The value that so many percent of the values do not exceed; null of nothing. */
export function percentile(values, percent) {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil((percent / 100) * sorted.length) - 1)];
}

export const median = (values) => percentile(values, 50);

/** Null where one of the two is not to be had. */
export const ratio = (a, b) => (a === null || b === null || b === 0 ? null : a / b);

/** How fast `y` rises with `x`, by the straight line that fits best; null of fewer than two points. */
export function slope(points) {
  if (points.length < 2) return null;
  const mean = (of) => points.reduce((sum, point) => sum + point[of], 0) / points.length;
  const [x, y] = [mean('x'), mean('y')];
  const spread = points.reduce((sum, point) => sum + (point.x - x) ** 2, 0);
  return spread === 0 ? null : points.reduce((sum, point) => sum + (point.x - x) * (point.y - y), 0) / spread;
}
