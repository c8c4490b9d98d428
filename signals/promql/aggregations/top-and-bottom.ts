import type { VectorSample } from "../value.ts";
import type { AggregationContext, SelectingOperator } from "./aggregation-operator.ts";

const top = selecting("topk", (left, right) => right - left);
const bottom = selecting("bottomk", (left, right) => left - right);

/** `topk` and `bottomk`: the k largest or smallest elements of each group, NaN last. */
export const TOP_AND_BOTTOM: readonly SelectingOperator[] = [top, bottom];

function selecting(name: string, compare: (left: number, right: number) => number): SelectingOperator {
  return {
    kind: "select",
    name,
    param: "scalar",
    checkParam: (context) => void countOf(context),
    select: (samples, context) =>
      [...samples].sort((left, right) => nanLast(left, right, compare)).slice(0, countOf(context)),
  };
}

function countOf({ param, fail }: AggregationContext): number {
  const count = param?.kind === "scalar" ? param.value : Number.NaN;
  if (count < 1) return 0;
  if (Number.isNaN(count)) fail("Parameter value is NaN");
  if (count >= 2 ** 63) fail(`Scalar value ${count} overflows int64`);
  return Math.trunc(count);
}

function nanLast(
  left: VectorSample,
  right: VectorSample,
  compare: (left: number, right: number) => number,
): number {
  if (Number.isNaN(left.value)) return Number.isNaN(right.value) ? 0 : 1;
  return Number.isNaN(right.value) ? -1 : compare(left.value, right.value) || 0;
}
