import { KanitError } from "../../core/index.ts";
import type { Unary } from "./ast.ts";
import { parsePromql } from "./parse-promql.ts";

/** Lists whose order has no meaning: Prometheus prints matchers in another order. */
const UNORDERED: ReadonlySet<string> = new Set(["matchers", "labels", "include"]);

/**
 * Returns whether two expressions are equivalent, without regard to line breaks, blanks, comments and units of
 * durations. An expression that cannot be parsed is equivalent only to the same text.
 */
export function sameExpression(left: string, right: string): boolean {
  const [leftTree, rightTree] = [treeOf(left), treeOf(right)];
  if (leftTree === null || rightTree === null) return left.trim() === right.trim();
  return leftTree === rightTree;
}

/** Null for an expression that kanit cannot parse: it may be of a newer Prometheus. */
function treeOf(expression: string): string | null {
  try {
    return JSON.stringify(parsePromql(expression), (key, value: unknown) => {
      if (key === "span") return undefined;
      if (UNORDERED.has(key) && Array.isArray(value)) return value.map((each) => JSON.stringify(each)).sort();
      // Prometheus prints the number Inf with a sign.
      if (isUnaryPlus(value)) return value.operand;
      return typeof value === "number" && !Number.isFinite(value) ? String(value) : value;
    });
  } catch (error) {
    if (error instanceof KanitError) return null;
    throw error;
  }
}

function isUnaryPlus(value: unknown): value is Unary {
  return typeof value === "object" && value !== null && "operator" in value && "operand" in value
    ? value.operator === "+"
    : false;
}
