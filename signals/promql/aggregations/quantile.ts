import { formatPhi } from "../functions/over-time.ts";
import { quantileOf } from "../quantile.ts";
import type { AggregationContext, ReducingOperator } from "./aggregation-operator.ts";

/** `quantile`: the φ-quantile of a group's values. */
export const quantile: ReducingOperator = {
  kind: "reduce",
  name: "quantile",
  param: "scalar",
  checkParam(context) {
    const phi = phiOf(context);
    if (phi >= 0 && phi <= 1) return;
    const span = context.aggregation.param?.span ?? context.aggregation.span;
    context.annotate("warning", `quantile value should be between 0 and 1, got ${formatPhi(phi)}`, span);
  },
  reduce: (samples, context) =>
    quantileOf(
      phiOf(context),
      samples.map((sample) => sample.value),
    ),
};

function phiOf({ param }: AggregationContext): number {
  return param?.kind === "scalar" ? param.value : Number.NaN;
}
