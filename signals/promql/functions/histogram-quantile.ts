import type { Labels } from "../../labels.ts";
import type { VectorSample } from "../value.ts";
import { type Bucket, forMetric, groupBuckets, makeMonotonic, orderBuckets } from "./classic-buckets.ts";
import { formatPhi } from "./over-time.ts";
import { type CallContext, type PromqlFunction, scalarAt, vectorAt } from "./promql-function.ts";

/** `histogram_quantile` over classic histograms: the φ-quantile by linear interpolation inside a bucket. */
export const histogramQuantile: PromqlFunction = {
  name: "histogram_quantile",
  args: ["scalar", "vector"],
  optional: 0,
  returns: "vector",
  evaluate(args, context) {
    const phi = scalarAt(args, 0);
    if (Number.isNaN(phi) || phi < 0 || phi > 1) {
      const span = context.call.args[0]?.span ?? context.call.span;
      context.annotate("warning", `quantile value should be between 0 and 1, got ${formatPhi(phi)}`, span);
    }
    const samples: VectorSample[] = [];
    for (const [labels, buckets] of groupBuckets(vectorAt(args, 1), context, 1)) {
      const { value, forced } = quantileOfBuckets(phi, buckets);
      if (forced) noteForced(labels, context);
      // Histograms of different names stay separate, so that a conflict is detected when the names are
      // removed.
      samples.push({ labels, value, dropName: true });
    }
    return { kind: "vector", samples };
  },
};

function noteForced(labels: Labels, context: CallContext): void {
  context.annotate(
    "info",
    "input to histogram_quantile needed to be fixed for monotonicity (see " +
      `https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile)${forMetric(labels)}`,
    context.call.args[1]?.span ?? context.call.span,
  );
}

/** Prometheus's `BucketQuantile`. */
function quantileOfBuckets(phi: number, unsorted: Bucket[]): { value: number; forced: boolean } {
  const plain = (value: number) => ({ value, forced: false });
  if (Number.isNaN(phi)) return plain(Number.NaN);
  if (phi < 0) return plain(Number.NEGATIVE_INFINITY);
  if (phi > 1) return plain(Number.POSITIVE_INFINITY);
  const buckets = orderBuckets(unsorted);
  if (buckets === undefined) return plain(Number.NaN);
  const forced = makeMonotonic(buckets);
  const observations = buckets.at(-1)?.count ?? 0;
  if (buckets.length < 2 || observations === 0 || Number.isNaN(observations))
    return { value: Number.NaN, forced };
  return { value: interpolate(buckets, phi * observations), forced };
}

function interpolate(buckets: readonly Bucket[], rank: number): number {
  let index = 0;
  while (index < buckets.length - 1 && !((buckets[index] as Bucket).count >= rank)) index++;
  if (index === buckets.length - 1) return (buckets[index - 1] as Bucket).upperBound;
  const { upperBound, count } = buckets[index] as Bucket;
  if (index === 0 && upperBound <= 0) return upperBound;
  const below = index === 0 ? { upperBound: 0, count: 0 } : (buckets[index - 1] as Bucket);
  return below.upperBound + (upperBound - below.upperBound) * ((rank - below.count) / (count - below.count));
}
