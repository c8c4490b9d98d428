/** The highest value of a series and its position; `null` without a measurement. */
export function peakOf(
  values: readonly (number | null)[],
): { readonly value: number; readonly index: number } | null {
  let peak: { value: number; index: number } | null = null;
  for (const [index, value] of values.entries()) {
    if (value !== null && (peak === null || value > peak.value)) peak = { value, index };
  }
  return peak;
}

/** The median, or the mean of the middle two; `null` without values. */
export function medianOf(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  if (upper === undefined) return null;
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? upper;
  return (lower + upper) / 2;
}
