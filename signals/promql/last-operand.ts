import type { Expr } from "./ast.ts";

/** A suffix such as `[5m]` binds tighter than any operator, but the grammar may have parsed it otherwise. */
export function onLastOperand(expr: Expr, change: (operand: Expr) => Expr): Expr {
  if (expr.kind === "unary") return { ...expr, operand: onLastOperand(expr.operand, change) };
  if (expr.kind === "binary") return { ...expr, right: onLastOperand(expr.right, change) };
  return change(expr);
}
