const SMALLEST_NORMAL = 2.2250738585072014e-308;
const TOLERANCE = 1e-6;

/** Whether two results are equal as Prometheus's test driver counts: relative to their size, NaN equal to NaN. */
export function almostEqual(left: number, right: number, tolerance = TOLERANCE): boolean {
  if (Number.isNaN(left) || Number.isNaN(right)) return Number.isNaN(left) && Number.isNaN(right);
  if (left === right) return true;
  const size = Math.abs(left) + Math.abs(right);
  const difference = Math.abs(left - right);
  if (left === 0 || right === 0 || size < SMALLEST_NORMAL) return difference < tolerance * SMALLEST_NORMAL;
  return difference / Math.min(size, Number.MAX_VALUE) < tolerance;
}
