import type { LatencyHistogram } from "../latency-histogram.ts";

/** A percentile as it truly was and as it was reported. */
export interface PercentileReading {
  readonly percentile: number;
  readonly trueMs: number;
  readonly reportedMs: number;
  /** How far the report is off, as a share of the truth. */
  readonly errorRatio: number;
  readonly holds: boolean;
}

/** The percentiles that are compared: the usual ones. */
const COMPARED_PERCENTILES: readonly number[] = [50, 90, 95, 99, 99.9, 100];

/** The share of the truth by which a report may be off. */
const MAX_ERROR_RATIO = 0.01;

/**
 * Of a percentile below 100 ms, 1 % is less than what a thread waits for its turn on a machine that others use too:
 * there a millisecond is allowed.
 */
const MAX_ERROR_MS = 1;

/** Holds reported percentiles against the true ones. A percentile without data holds never. */
export function comparePercentiles(
  truth: LatencyHistogram,
  reportedMs: (percentile: number) => number | null,
): readonly PercentileReading[] {
  return COMPARED_PERCENTILES.map((percentile) => {
    const trueMs = truth.percentileMs(percentile) ?? Number.NaN;
    const ms = reportedMs(percentile) ?? Number.NaN;
    const errorMs = Math.abs(ms - trueMs);
    const holds = errorMs <= Math.max(MAX_ERROR_MS, trueMs * MAX_ERROR_RATIO);
    return { percentile, trueMs, reportedMs: ms, errorRatio: errorMs / trueMs, holds };
  });
}
