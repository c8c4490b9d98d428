import { Labels, METRIC_NAME } from "../../labels.ts";
import { type Expr, unwrapParens } from "../ast.ts";
import { EMPTY_VECTOR, type VectorValue } from "../value.ts";
import { matrixAt, type PromqlFunction, vectorAt } from "./promql-function.ts";

const absent: PromqlFunction = {
  name: "absent",
  args: ["vector"],
  optional: 0,
  returns: "vector",
  evaluate: (args, context) => (vectorAt(args, 0).length > 0 ? EMPTY_VECTOR : oneFor(context.call.args[0])),
};

const absentOverTime: PromqlFunction = {
  name: "absent_over_time",
  args: ["matrix"],
  optional: 0,
  returns: "vector",
  evaluate: (args, context) =>
    matrixAt(args, 0).series.some((window) => window.to > window.from)
      ? EMPTY_VECTOR
      : oneFor(context.call.args[0]),
};

/** `absent` and `absent_over_time`: one element when there is no sample. */
export const ABSENT: readonly PromqlFunction[] = [absent, absentOverTime];

function oneFor(arg: Expr | undefined): VectorValue {
  return { kind: "vector", samples: [{ labels: wantedLabels(arg), value: 1, dropName: false }] };
}

/** The labels that the selector requires by equality, if each occurs only once. */
function wantedLabels(arg: Expr | undefined): Labels {
  const expr = arg === undefined ? undefined : unwrapParens(arg);
  const selector = expr?.kind === "matrix-selector" ? expr.selector : expr;
  if (selector?.kind !== "vector-selector") return Labels.empty;
  const wanted = new Map<string, string>();
  const refused = new Set<string>();
  for (const { name, operator, value } of selector.matchers) {
    if (name === METRIC_NAME) continue;
    if (operator === "=" && !wanted.has(name) && !refused.has(name)) wanted.set(name, value);
    else {
      wanted.delete(name);
      refused.add(name);
    }
  }
  return Labels.fromEntries(wanted);
}
