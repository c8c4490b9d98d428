import { AGGREGATIONS, EXPERIMENTAL_AGGREGATIONS } from "./aggregations/registry.ts";
import { type Aggregation, type Binary, type Call, childrenOf, type Expr, type ValueType } from "./ast.ts";
import { COMPARISONS, SET_OPERATORS } from "./binary/operators.ts";
import { FUNCTIONS } from "./functions/registry.ts";
import { PromqlError } from "./promql-error.ts";

const TYPE_NAMES: Readonly<Record<ValueType, string>> = {
  scalar: "scalar",
  string: "string",
  vector: "instant vector",
  matrix: "range vector",
};

/**
 * Checks an expression as Prometheus's parser does, and returns its type.
 *
 * @throws PromqlError `promql-type` or `promql-unsupported`.
 */
export function checkTypes(expr: Expr, text: string): ValueType {
  const types = childrenOf(expr).map((child) => checkTypes(child, text));
  const fail = (reason: string, at: Expr = expr): never => {
    throw new PromqlError("promql-type", reason, text, at.span);
  };
  switch (expr.kind) {
    case "number":
      return "scalar";
    case "string":
      return "string";
    case "vector-selector":
      return "vector";
    case "matrix-selector":
      return expr.rangeMs > 0 ? "matrix" : fail("duration must be greater than 0");
    case "subquery":
      if (types[0] !== "vector")
        fail(`subquery is only allowed on instant vector, got ${nameOf(types[0])} instead`);
      if (expr.rangeMs <= 0 || (expr.stepMs !== null && expr.stepMs <= 0))
        fail("duration must be greater than 0");
      return "matrix";
    case "paren":
      return types[0] ?? "vector";
    case "unary":
      if (types[0] !== "scalar" && types[0] !== "vector") {
        fail(
          `unary expression only allowed on expressions of type scalar or instant vector, got "${nameOf(types[0])}"`,
        );
      }
      return types[0] ?? "vector";
    case "call":
      return checkCall(expr, types, fail);
    case "aggregation":
      return checkAggregation(expr, types, text, fail);
    case "binary":
      return checkBinary(expr, types, fail);
  }
}

type Fail = (reason: string, at?: Expr) => never;

function nameOf(type: ValueType | undefined): string {
  return type === undefined ? "nothing" : TYPE_NAMES[type];
}

function checkCall(call: Call, types: readonly ValueType[], fail: Fail): ValueType {
  const definition = FUNCTIONS.get(call.name);
  if (definition === undefined) return fail(`unknown function with name "${call.name}"`);
  const most = definition.args.length;
  const repeats = definition.optional === "repeat";
  const least = most - (definition.optional === "repeat" ? 1 : definition.optional);
  if (types.length < least || (types.length > most && !repeats)) {
    const bound =
      least === most && !repeats ? `${most}` : types.length < least ? `at least ${least}` : `at most ${most}`;
    return fail(`expected ${bound} argument(s) in call to "${call.name}", got ${types.length}`);
  }
  types.forEach((type, index) => {
    const wanted = definition.args[Math.min(index, most - 1)];
    if (type === wanted) return;
    fail(
      `expected type ${nameOf(wanted)} in call to function "${call.name}", got ${nameOf(type)}`,
      call.args[index] ?? call,
    );
  });
  return definition.returns;
}

function checkAggregation(
  aggregation: Aggregation,
  types: readonly ValueType[],
  text: string,
  fail: Fail,
): ValueType {
  const { operator, param, expr } = aggregation;
  const definition = AGGREGATIONS.get(operator);
  if (definition === undefined) {
    const what = EXPERIMENTAL_AGGREGATIONS.has(operator)
      ? `the experimental aggregation ${operator}`
      : operator;
    throw new PromqlError("promql-unsupported", `${what} is not supported`, text, aggregation.span);
  }
  const given = (param === null ? 1 : 2) - (definition.param === null ? 1 : 2);
  if (given !== 0) {
    fail(`wrong number of arguments for aggregate expression ${operator}`);
  }
  const type = types.at(-1);
  if (type !== "vector")
    fail(`expected type instant vector in aggregation expression, got ${nameOf(type)}`, expr);
  if (definition.param !== null && types[0] !== definition.param) {
    fail(`expected type ${nameOf(definition.param)} in aggregation parameter, got ${nameOf(types[0])}`);
  }
  return "vector";
}

function checkBinary(binary: Binary, types: readonly ValueType[], fail: Fail): ValueType {
  const { operator, matching, returnBool } = binary;
  const isComparison = COMPARISONS[operator] !== undefined;
  const isSet = SET_OPERATORS.has(operator);
  const bothScalar = types.every((type) => type === "scalar");
  const bothVector = types.every((type) => type === "vector");
  const isSelective = matching.labels.length > 0;
  if (types.some((type) => type !== "scalar" && type !== "vector")) {
    fail("binary expression must contain only scalar and instant vector types");
  }
  if (returnBool && !isComparison) fail("bool modifier can only be used on comparison operators");
  if (isComparison && !returnBool && bothScalar) fail("comparisons between scalars must use BOOL modifier");
  if (!bothVector && isSet) fail(`set operator "${operator}" not allowed in binary scalar expression`);
  if (!bothVector && isSelective) fail("vector matching only allowed between instant vectors");
  if (isSet && isGrouped(binary)) fail(`no grouping allowed for "${operator}" operation`);
  const twice = matching.on ? matching.include.find((name) => matching.labels.includes(name)) : undefined;
  if (twice !== undefined) fail(`label "${twice}" must not occur in ON and GROUP clause at once`);
  return bothScalar ? "scalar" : "vector";
}

function isGrouped(binary: Binary): boolean {
  const { cardinality } = binary.matching;
  return cardinality === "many-to-one" || cardinality === "one-to-many";
}
