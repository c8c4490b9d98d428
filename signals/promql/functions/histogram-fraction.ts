import type { VectorSample } from "../value.ts";
import { type Bucket, groupBuckets, orderBuckets } from "./classic-buckets.ts";
import { type PromqlFunction, scalarAt, vectorAt } from "./promql-function.ts";

/** `histogram_fraction` over classic histograms: the share of observations between two values. */
export const histogramFraction: PromqlFunction = {
  name: "histogram_fraction",
  args: ["scalar", "scalar", "vector"],
  optional: 0,
  returns: "vector",
  evaluate(args, context) {
    const [lower, upper] = [scalarAt(args, 0), scalarAt(args, 1)];
    const samples: VectorSample[] = [];
    for (const [labels, buckets] of groupBuckets(vectorAt(args, 2), context, 2)) {
      samples.push({ labels, value: fractionOfBuckets(lower, upper, buckets), dropName: true });
    }
    return { kind: "vector", samples };
  },
};

/** Prometheus's `BucketFraction`. */
function fractionOfBuckets(lower: number, upper: number, unsorted: Bucket[]): number {
  const buckets = orderBuckets(unsorted);
  if (buckets === undefined) return Number.NaN;
  const observations = buckets.at(-1)?.count ?? 0;
  if (observations === 0 || Number.isNaN(lower) || Number.isNaN(upper)) return Number.NaN;
  if (lower >= upper) return 0;
  return (rankOf(upper, buckets, observations) - rankOf(lower, buckets, observations)) / observations;
}

/** The number of observations that are at most this value, interpolated inside its bucket. */
function rankOf(value: number, buckets: readonly Bucket[], observations: number): number {
  let below = 0;
  // As in histogram_quantile, the first bucket begins at zero if its bound is positive.
  let lowerBound = (buckets[0]?.upperBound ?? 0) > 0 ? 0 : Number.NEGATIVE_INFINITY;
  for (const { upperBound, count } of buckets) {
    if (lowerBound >= value) return Math.min(below, observations);
    if (upperBound > value) {
      const share = (value - lowerBound) / (upperBound - lowerBound);
      const rank = lowerBound === Number.NEGATIVE_INFINITY ? count : below + (count - below) * share;
      return Math.min(rank, observations);
    }
    below = count;
    lowerBound = upperBound;
  }
  return observations;
}
