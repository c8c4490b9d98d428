import { KahanSum } from "../kahan-sum.ts";
import type { Window } from "../value.ts";
import { eachWindow, matrixAt, overRange, type PromqlFunction, scalarAt } from "./promql-function.ts";

/** `deriv`: the slope of a gauge per second, by simple linear regression. */
export const deriv = overRange("deriv", (window) =>
  window.to - window.from < 2 ? undefined : regress(window, window.timesMs[window.from] as number).slope,
);

/** `predict_linear`: the gauge's value that many seconds from now, by simple linear regression. */
export const predictLinear: PromqlFunction = {
  name: "predict_linear",
  args: ["matrix", "scalar"],
  optional: 0,
  returns: "vector",
  evaluate: (args, context) =>
    eachWindow(matrixAt(args, 0), args, context.timeMs, (window) => {
      if (window.to - window.from < 2) return undefined;
      const { slope, intercept } = regress(window, context.timeMs);
      return slope * scalarAt(args, 1) + intercept;
    }),
};

function regress({ timesMs, values, from, to }: Window, interceptMs: number) {
  const first = values[from] as number;
  const sumX = new KahanSum();
  const sumY = new KahanSum();
  const sumXy = new KahanSum();
  const sumX2 = new KahanSum();
  let isConstant = true;
  for (let index = from; index < to; index++) {
    const y = values[index] as number;
    const x = ((timesMs[index] as number) - interceptMs) / 1_000;
    if (y !== first) isConstant = false;
    sumX.add(x);
    sumY.add(y);
    sumXy.add(x * y);
    sumX2.add(x * x);
  }
  if (isConstant) {
    const isInfinite = Math.abs(first) === Number.POSITIVE_INFINITY;
    return isInfinite ? { slope: Number.NaN, intercept: Number.NaN } : { slope: 0, intercept: first };
  }
  const count = to - from;
  const covariance = sumXy.value - (sumX.value * sumY.value) / count;
  const variance = sumX2.value - (sumX.value * sumX.value) / count;
  const slope = covariance / variance;
  return { slope, intercept: sumY.value / count - (slope * sumX.value) / count };
}
