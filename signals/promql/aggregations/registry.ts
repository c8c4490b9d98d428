import type { AggregationOperator } from "./aggregation-operator.ts";
import { quantile } from "./quantile.ts";
import { REDUCING } from "./reduce.ts";
import { TOP_AND_BOTTOM } from "./top-and-bottom.ts";

/** Every supported aggregation by name. */
export const AGGREGATIONS: ReadonlyMap<string, AggregationOperator> = new Map<string, AggregationOperator>(
  [
    ...REDUCING,
    ...TOP_AND_BOTTOM,
    quantile,
    { kind: "count-values", name: "count_values", param: "string" } as const,
  ].map((operator) => [operator.name, operator]),
);

/** The aggregations that Prometheus has only behind a feature flag. */
export const EXPERIMENTAL_AGGREGATIONS: ReadonlySet<string> = new Set(["limitk", "limit_ratio"]);
