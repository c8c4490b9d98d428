import type { LatencyHistogram } from "../latency-histogram.ts";

/** A percentile as it truly was and as it was reported. */
export interface PercentileReading {
  readonly percentile: number;
  readonly trueMs: number;
  readonly reportedMs: number;
  /** How far the report is off, as a share of the true value. */
  readonly errorRatio: number;
  readonly holds: boolean;
}

/** The percentiles that are compared: the usual ones. */
const COMPARED_PERCENTILES: readonly number[] = [50, 90, 95, 99, 99.9, 100];

/** The share of the true value by which a report may be off. */
const MAX_ERROR_RATIO = 0.01;

/**
 * Below 100 ms, 1 % of a percentile is shorter than a thread may wait for the CPU on a shared machine: one
 * millisecond is allowed there.
 */
const MAX_ERROR_MS = 1;

/** Compares reported percentiles with the true ones. A percentile without data never holds. */
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
