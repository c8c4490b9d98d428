/**
 * Compares what a server received with the schedule of a constant rate: the n-th request is due n
 * intervals after the first. A tool does not report when it began, so the schedule starts as early as its
 * earliest request allows.
 *
 * @returns How late each request came, in milliseconds, in the order in which they came.
 */
export function lagsMs(arrivedAtMs: Float64Array, rateRps: number): Float64Array {
  const begunAtMs = arrivedAtMs.map((atMs, index) => atMs - (index * 1_000) / rateRps);
  const scheduleMs = begunAtMs.reduce((least, atMs) => Math.min(least, atMs), Number.POSITIVE_INFINITY);
  return begunAtMs.map((atMs) => atMs - scheduleMs);
}

/** The value at or below which `percent` of the values are; NaN without values. */
export function percentile(values: Float64Array, percent: number): number {
  const sorted = values.toSorted();
  return sorted[Math.max(0, Math.ceil((sorted.length * percent) / 100) - 1)] ?? Number.NaN;
}
