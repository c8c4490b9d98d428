import { KahanSum, RunningMean } from "../kahan-sum.ts";
import { quantileOf } from "../quantile.ts";
import type { Window } from "../value.ts";
import { eachWindow, matrixAt, overRange, type PromqlFunction, scalarAt } from "./promql-function.ts";

const sumOverTime = overRange("sum_over_time", (window) => {
  const sum = new KahanSum();
  for (let index = window.from; index < window.to; index++) sum.add(window.values[index] as number);
  return sum.value;
});

const averageOverTime = overRange("avg_over_time", (window) => {
  const mean = new RunningMean();
  for (let index = window.from; index < window.to; index++) mean.add(window.values[index] as number);
  return mean.value;
});

const countOverTime = overRange("count_over_time", (window) => window.to - window.from);
const presentOverTime = overRange("present_over_time", () => 1);
const lastOverTime = overRange("last_over_time", (window) => window.values[window.to - 1], true);
const minOverTime = overRange("min_over_time", (window) => extreme(window, (value, best) => value < best));
const maxOverTime = overRange("max_over_time", (window) => extreme(window, (value, best) => value > best));
const deviationOverTime = overRange("stddev_over_time", (window) => Math.sqrt(variance(window)));
const varianceOverTime = overRange("stdvar_over_time", variance);

const quantileOverTime: PromqlFunction = {
  name: "quantile_over_time",
  args: ["scalar", "matrix"],
  optional: 0,
  returns: "vector",
  evaluate(args, context) {
    const phi = scalarAt(args, 0);
    const matrix = matrixAt(args, 1);
    const isAsked = matrix.series.some(({ from, to }) => to > from);
    if (isAsked && (Number.isNaN(phi) || phi < 0 || phi > 1)) {
      const span = context.call.args[0]?.span ?? context.call.span;
      context.annotate("warning", `quantile value should be between 0 and 1, got ${formatPhi(phi)}`, span);
    }
    return eachWindow(matrix, args, context.timeMs, ({ values, from, to }) =>
      quantileOf(phi, [...values.subarray(from, to)]),
    );
  },
};

/** The functions that summarize the samples of a range: `sum_over_time` and its family. */
export const OVER_TIME: readonly PromqlFunction[] = [
  sumOverTime,
  averageOverTime,
  countOverTime,
  presentOverTime,
  lastOverTime,
  minOverTime,
  maxOverTime,
  deviationOverTime,
  varianceOverTime,
  quantileOverTime,
];

/** A φ as Prometheus prints it in its annotations. */
export function formatPhi(phi: number): string {
  if (phi === Number.POSITIVE_INFINITY) return "+Inf";
  return phi === Number.NEGATIVE_INFINITY ? "-Inf" : String(phi);
}

/** NaN is replaced by any number. */
function extreme({ values, from, to }: Window, beats: (value: number, best: number) => boolean): number {
  let best = values[from] as number;
  for (let index = from + 1; index < to; index++) {
    const value = values[index] as number;
    if (beats(value, best) || Number.isNaN(best)) best = value;
  }
  return best;
}

/** The population variance, by Welford's method with compensated sums. */
function variance({ values, from, to }: Window): number {
  const mean = new KahanSum();
  const squares = new KahanSum();
  for (let index = from; index < to; index++) {
    const value = values[index] as number;
    const difference = value - mean.value;
    mean.add(difference / (index - from + 1));
    squares.add(difference * (value - mean.value));
  }
  return squares.value / (to - from);
}
