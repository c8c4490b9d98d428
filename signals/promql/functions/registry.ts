import { ABSENT } from "./absent.ts";
import { CALENDAR } from "./calendar.ts";
import { CONVERSION } from "./conversion.ts";
import { changes, resets } from "./counter-events.ts";
import { histogramFraction } from "./histogram-fraction.ts";
import { histogramQuantile } from "./histogram-quantile.ts";
import { idelta, irate } from "./instant-rate.ts";
import { LABEL_CHANGES } from "./label-changes.ts";
import { MATH } from "./math.ts";
import { OVER_TIME } from "./over-time.ts";
import type { PromqlFunction } from "./promql-function.ts";
import { delta, increase, rate } from "./rate.ts";
import { deriv, predictLinear } from "./regression.ts";
import { SORTING } from "./sorting.ts";

/** Every supported function by name. */
export const FUNCTIONS: ReadonlyMap<string, PromqlFunction> = new Map(
  [
    rate,
    increase,
    delta,
    irate,
    idelta,
    deriv,
    predictLinear,
    changes,
    resets,
    histogramFraction,
    histogramQuantile,
    ...OVER_TIME,
    ...MATH,
    ...CALENDAR,
    ...CONVERSION,
    ...SORTING,
    ...LABEL_CHANGES,
    ...ABSENT,
  ].map((definition) => [definition.name, definition]),
);

const NATIVE_HISTOGRAM_FUNCTIONS = [
  "histogram_avg",
  "histogram_count",
  "histogram_stddev",
  "histogram_stdvar",
  "histogram_sum",
];
const EXPERIMENTAL_FUNCTIONS = [
  "double_exponential_smoothing",
  "end",
  "first_over_time",
  "histogram_quantiles",
  "info",
  "mad_over_time",
  "max_of",
  "min_of",
  "range",
  "sort_by_label",
  "sort_by_label_desc",
  "start",
  "start_timestamp",
  "step",
  "timeseries_gen",
  "ts_of_first_over_time",
  "ts_of_last_over_time",
  "ts_of_max_over_time",
  "ts_of_min_over_time",
];

/** Why a function of Prometheus is not supported; undefined for one that Prometheus does not have. */
export function reasonLeftOut(name: string): string | undefined {
  if (NATIVE_HISTOGRAM_FUNCTIONS.includes(name)) return `the native histogram function ${name}`;
  return EXPERIMENTAL_FUNCTIONS.includes(name) ? `the experimental function ${name}` : undefined;
}
