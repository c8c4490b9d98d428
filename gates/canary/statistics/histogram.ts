/** Durations, counted in buckets. */
export interface Histogram {
  /** The upper bounds of the buckets in seconds, ascending; the last one is infinite. */
  readonly upperBounds: readonly number[];
  /** How many durations are in each bucket, and not in those below it. */
  readonly counts: readonly number[];
  /** Of all durations, in seconds. */
  readonly sum: number;
}

/** Returns how many durations it has. */
export function sizeOf({ counts }: Histogram): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

/** Whether two histograms have the same buckets, so that they can be added and compared. */
export function haveSameBuckets(a: Histogram, b: Histogram): boolean {
  return (
    a.upperBounds.length === b.upperBounds.length &&
    a.upperBounds.every((bound, index) => bound === b.upperBounds[index])
  );
}

/** Returns all durations of both; one without buckets adds nothing. */
export function addHistograms(a: Histogram, b: Histogram): Histogram {
  if (a.upperBounds.length === 0) return b;
  if (b.upperBounds.length === 0) return a;
  if (!haveSameBuckets(a, b)) throw new RangeError("expected histograms with the same buckets");
  const counts = a.counts.map((count, index) => count + (b.counts[index] ?? 0));
  return { upperBounds: a.upperBounds, counts, sum: a.sum + b.sum };
}

/**
 * Returns a quantile as `histogram_quantile` does: a straight line within its bucket, and the highest finite bound for
 * one above it. NaN where it is empty.
 */
export function quantileOf(histogram: Histogram, quantile: number): number {
  const { upperBounds, counts } = histogram;
  const rank = quantile * sizeOf(histogram);
  if (rank === 0) return Number.NaN;
  let below = 0;
  for (const [index, count] of counts.entries()) {
    const upper = upperBounds[index] ?? Number.NaN;
    const lower = index === 0 ? 0 : (upperBounds[index - 1] ?? Number.NaN);
    if (below + count >= rank)
      return upper === Infinity ? lower : lower + ((rank - below) / count) * (upper - lower);
    below += count;
  }
  return Number.NaN;
}

/**
 * Returns how many durations are certainly above a limit. Those of the bucket in which the limit lies may be on either
 * side, and do not count.
 */
export function countAbove({ upperBounds, counts }: Histogram, limit: number): number {
  return counts.reduce((sum, count, index) => {
    const lower = index === 0 ? 0 : (upperBounds[index - 1] ?? Number.NaN);
    return lower >= limit ? sum + count : sum;
  }, 0);
}

/** Returns the arithmetic mean; NaN where it is empty. */
export function meanOf(histogram: Histogram): number {
  const size = sizeOf(histogram);
  return size === 0 ? Number.NaN : histogram.sum / size;
}
