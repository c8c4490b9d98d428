import type { Labels } from "../../labels.ts";
import { quoteText } from "../../text-quote.ts";
import { LabelsMemo } from "../labels-memo.ts";
import type { VectorSample } from "../value.ts";
import type { CallContext } from "./promql-function.ts";

/** One bucket of a classic histogram: the number of observations that are at most its bound. */
export interface Bucket {
  readonly upperBound: number;
  count: number;
}

interface BucketPlace {
  readonly group: Labels;
  readonly upperBound: number;
}

/** Differences this small between neighboring buckets come from float arithmetic, not from the data. */
const SMALL_DIFFERENCE = 1e-12;
const NOT_GROUPED = new Set(["le"]);

/**
 * The classic histograms in a vector: the buckets of each label set without `le`. Elements without a readable
 * bound are skipped with an annotation.
 *
 * @param position the position of the vector among the call's arguments, for annotations.
 */
export function groupBuckets(
  samples: readonly VectorSample[],
  context: CallContext,
  position: number,
): Map<Labels, Bucket[]> {
  const places = context.remember(rememberPlaces);
  const buckets = new Map<Labels, Bucket[]>();
  for (let index = 0; index < samples.length; index++) {
    const { labels, value } = samples[index] as VectorSample;
    const place = places.get(labels, index);
    if (Number.isNaN(place.upperBound)) {
      context.annotate(
        "warning",
        `bucket label "le" is missing or has a malformed value of ${quoteText(labels.get("le"))}${forMetric(labels)}`,
        context.call.args[position]?.span ?? context.call.span,
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

/** The end of Prometheus's annotations when the metric is known. */
export function forMetric(labels: Labels): string {
  return labels.metricName === "" ? "" : ` for metric name ${quoteText(labels.metricName)}`;
}

/** The group and the bound of each label set; sets of one group share its labels as one object. */
function rememberPlaces(): LabelsMemo<BucketPlace> {
  const groups = new Map<string, Labels>();
  return new LabelsMemo((labels) => {
    const made = labels.without(NOT_GROUPED);
    const group = groups.get(made.key) ?? made;
    groups.set(group.key, group);
    return { group, upperBound: readBound(labels.get("le")) };
  });
}

function readBound(text: string): number {
  if (/^\+?inf$/i.test(text)) return Number.POSITIVE_INFINITY;
  return text.trim() === "" ? Number.NaN : Number(text);
}

/** The buckets in ascending order, with those of equal bounds summed; undefined without the `+Inf` bucket. */
export function orderBuckets(unsorted: Bucket[]): Bucket[] | undefined {
  const sorted = isAscending(unsorted)
    ? unsorted
    : unsorted.sort((left, right) => (left.upperBound < right.upperBound ? -1 : 1));
  if (sorted.at(-1)?.upperBound !== Number.POSITIVE_INFINITY) return undefined;
  const merged: Bucket[] = [];
  for (const bucket of sorted) {
    const last = merged.at(-1);
    if (last !== undefined && last.upperBound === bucket.upperBound) last.count += bucket.count;
    else merged.push(bucket);
  }
  return merged;
}

function isAscending(buckets: readonly Bucket[]): boolean {
  return buckets.every(
    ({ upperBound }, index) => index === 0 || (buckets[index - 1] as Bucket).upperBound <= upperBound,
  );
}

/**
 * Bucket counts must not fall, but scrapes and aggregation can make them. Returns whether a
 * real fall was corrected.
 */
export function makeMonotonic(buckets: readonly Bucket[]): boolean {
  let forced = false;
  let previous = buckets[0]?.count ?? 0;
  for (let index = 1; index < buckets.length; index++) {
    const bucket = buckets[index] as Bucket;
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
