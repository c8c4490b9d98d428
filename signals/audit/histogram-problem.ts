import { parseGoFloat } from "../go-float.ts";

/** One bucket: its upper bound as written, and the number of observations up to it. */
export interface Bucket {
  readonly bound: string;
  readonly count: number;
}

/** Returns why the buckets of one histogram are inconsistent; null when they are consistent. */
export function histogramProblem(buckets: readonly Bucket[]): string | null {
  const sorted = buckets
    .map(({ bound, count }) => ({ bound, count, limit: parseGoFloat(bound) ?? Number.NaN }))
    .sort((left, right) => left.limit - right.limit);
  const odd = sorted.find(({ limit }) => Number.isNaN(limit));
  if (odd !== undefined) return `a bucket has the bound ${JSON.stringify(odd.bound.slice(0, 40))}`;
  if (sorted.at(-1)?.limit !== Number.POSITIVE_INFINITY) return "it has no bucket for +Inf";
  for (const [index, { bound, count }] of sorted.entries()) {
    const lower = sorted[index - 1];
    if (lower !== undefined && count < lower.count) {
      return `its buckets decrease: ${lower.count} up to ${lower.bound}, but ${count} up to ${bound}`;
    }
  }
  return null;
}
