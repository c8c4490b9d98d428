import type { CallContext, PromqlFunction } from "./promql-function.ts";
import { vectorAt } from "./promql-function.ts";

const sort = sorting("sort", (left, right) => left - right);
const sortDescending = sorting("sort_desc", (left, right) => right - left);

/** `sort` and `sort_desc`: by value, NaN last. */
export const SORTING: readonly PromqlFunction[] = [sort, sortDescending];

function sorting(name: string, compare: (left: number, right: number) => number): PromqlFunction {
  return {
    name,
    args: ["vector"],
    optional: 0,
    returns: "vector",
    evaluate(args, context) {
      if (context.isRangeQuery) noteIneffective(name, context);
      const samples = [...vectorAt(args, 0)].sort((left, right) => {
        if (Number.isNaN(left.value)) return Number.isNaN(right.value) ? 0 : 1;
        return Number.isNaN(right.value) ? -1 : compare(left.value, right.value);
      });
      return { kind: "vector", samples };
    },
  };
}

function noteIneffective(name: string, context: CallContext): void {
  context.annotate(
    "warning",
    `${name === "sort_desc" ? "sort" : name} is ineffective for range queries since results are always ordered by labels`,
    context.call.span,
  );
}
