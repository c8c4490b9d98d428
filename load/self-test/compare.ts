import type { LatencyHistogram } from "../latency-histogram.ts";

/** A percentile's true and reported value. */
export interface PercentileReading {
  readonly percentile: number;
  readonly trueMs: number;
  readonly reportedMs: number;
  /** The error of the report, as a share of the true value. */
  readonly errorRatio: number;
  readonly holds: boolean;
}

/** The percentiles that are compared. */
const COMPARED_PERCENTILES: readonly number[] = [50, 90, 95, 99, 99.9, 100];

/** The error that is allowed, as a share of the true value. */
const MAX_ERROR_RATIO = 0.01;

/**
 * Below 100 ms, 1 % of a percentile is shorter than a thread may wait for the CPU on a shared machine; one
 * millisecond is allowed there.
 */
const MAX_ERROR_MS = 1;

/** Compares reported percentiles with the true ones. Without data a percentile never counts as equal. */
export function comparePercentiles(
  trueLatencies: LatencyHistogram,
  reportedMs: (percentile: number) => number | null,
): readonly PercentileReading[] {
  return COMPARED_PERCENTILES.map((percentile) => {
    const trueMs = trueLatencies.percentileMs(percentile) ?? Number.NaN;
    const ms = reportedMs(percentile) ?? Number.NaN;
    const errorMs = Math.abs(ms - trueMs);
    const holds = errorMs <= Math.max(MAX_ERROR_MS, trueMs * MAX_ERROR_RATIO);
    return { percentile, trueMs, reportedMs: ms, errorRatio: errorMs / trueMs, holds };
  });
}
