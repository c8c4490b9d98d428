/**
 * The φ-quantile by linear interpolation between the nearest ranks, as Prometheus computes it: NaN counts as
 * the smallest value, φ below 0 gives -Inf, above 1 +Inf, and no values give NaN. Sorts the given values.
 */
export function quantileOf(phi: number, values: number[]): number {
  if (values.length === 0 || Number.isNaN(phi)) return Number.NaN;
  if (phi < 0) return Number.NEGATIVE_INFINITY;
  if (phi > 1) return Number.POSITIVE_INFINITY;
  values.sort(ascendingNanFirst);
  const rank = phi * (values.length - 1);
  const lower = Math.max(0, Math.floor(rank));
  const upper = Math.min(values.length - 1, lower + 1);
  const weight = rank - Math.floor(rank);
  return (values[lower] as number) * (1 - weight) + (values[upper] as number) * weight;
}

function ascendingNanFirst(left: number, right: number): number {
  if (Number.isNaN(left)) return Number.isNaN(right) ? 0 : -1;
  if (Number.isNaN(right)) return 1;
  return left - right || 0;
}
