import type { Labels } from "../../labels.ts";
import type { VectorSample } from "../value.ts";
import { formatPhi } from "./over-time.ts";
import { type CallContext, type PromqlFunction, scalarAt, vectorAt } from "./promql-function.ts";

interface Bucket {
  readonly upperBound: number;
  count: number;
}

interface BucketPlace {
  readonly group: Labels;
  readonly upperBound: number;
}

/** Differences this small between neighbouring buckets come from float arithmetic, not from the data. */
const SMALL_DIFFERENCE = 1e-12;
const NOT_GROUPED = new Set(["le"]);

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
    for (const [labels, buckets] of groupBuckets(vectorAt(args, 1), context)) {
      const { value, forced } = quantileOfBuckets(phi, buckets);
      if (forced) noteForced(context);
      // Histograms of different names stay apart, so that a clash is found when the names are dropped.
      samples.push({ labels, value, dropName: true });
    }
    return { kind: "vector", samples };
  },
};

function noteForced(context: CallContext): void {
  context.annotate(
    "info",
    "input to histogram_quantile needed to be fixed for monotonicity (see " +
      "https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile)",
    context.call.args[1]?.span ?? context.call.span,
  );
}

function groupBuckets(samples: readonly VectorSample[], context: CallContext): Map<Labels, Bucket[]> {
  const places = context.remember(() => ({
    ofLabels: new WeakMap<Labels, BucketPlace>(),
    groups: new Map<string, Labels>(),
  }));
  const buckets = new Map<Labels, Bucket[]>();
  for (const { labels, value } of samples) {
    let place = places.ofLabels.get(labels);
    if (place === undefined) {
      const group = labels.without(NOT_GROUPED);
      const known = places.groups.get(group.key) ?? group;
      places.groups.set(known.key, known);
      place = { group: known, upperBound: readBound(labels.get("le")) };
      places.ofLabels.set(labels, place);
    }
    if (Number.isNaN(place.upperBound)) {
      context.annotate(
        "warning",
        `bucket label "le" is missing or has a malformed value of ${JSON.stringify(labels.get("le"))}`,
        context.call.args[1]?.span ?? context.call.span,
      );
      continue;
    }
    const bucket = { upperBound: place.upperBound, count: value };
    const group = buckets.get(place.group);
    if (group === undefined) buckets.set(place.group, [bucket]);
    else group.push(bucket);
  }
  return buckets;
}

function readBound(text: string): number {
  if (/^\+?inf$/i.test(text)) return Number.POSITIVE_INFINITY;
  return text.trim() === "" ? Number.NaN : Number(text);
}

/** Prometheus's `BucketQuantile`. */
function quantileOfBuckets(phi: number, unsorted: Bucket[]): { value: number; forced: boolean } {
  const plain = (value: number) => ({ value, forced: false });
  if (Number.isNaN(phi)) return plain(Number.NaN);
  if (phi < 0) return plain(Number.NEGATIVE_INFINITY);
  if (phi > 1) return plain(Number.POSITIVE_INFINITY);
  const sorted = unsorted.sort((left, right) => (left.upperBound < right.upperBound ? -1 : 1));
  if (sorted.at(-1)?.upperBound !== Number.POSITIVE_INFINITY) return plain(Number.NaN);
  const buckets = mergeEqualBounds(sorted);
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

function mergeEqualBounds(sorted: readonly Bucket[]): Bucket[] {
  const merged: Bucket[] = [];
  for (const bucket of sorted) {
    const last = merged.at(-1);
    if (last !== undefined && last.upperBound === bucket.upperBound) last.count += bucket.count;
    else merged.push(bucket);
  }
  return merged;
}

/** Buckets must not fall; scrapes and aggregation can make them. Returns whether a real fall was mended. */
function makeMonotonic(buckets: readonly Bucket[]): boolean {
  let forced = false;
  let previous = buckets[0]?.count ?? 0;
  for (const bucket of buckets.slice(1)) {
    const difference = bucket.count - previous;
    const scale = Math.abs(bucket.count) + Math.abs(previous);
    if (difference !== 0 && Math.abs(difference) <= SMALL_DIFFERENCE * scale) bucket.count = previous;
    else if (difference < 0) {
      bucket.count = previous;
      forced = true;
    }
    previous = bucket.count;
  }
  return forced;
}
