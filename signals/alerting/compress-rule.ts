import { UsageError } from "../../core/index.ts";
import { childrenOf, type Expr, type TimeShift } from "../promql/ast.ts";
import type { EngineOptions } from "../promql/engine-options.ts";
import type { Rule, RuleGroup } from "./rule.ts";

/**
 * Time compression: one second in the lab stands for `timeScale` seconds of production. Every duration in a
 * rule (ranges, subqueries, offsets, `for`, `keep_firing_for`) is divided by the scale; thresholds and rates
 * per second stay unchanged, so a condition is as hard to meet as in production but holds for a shorter time.
 * The horizon of `predict_linear` stays, since it extends a rate per second; fixed `@` times stay as well.
 *
 * @throws UsageError `bad-time-scale` unless the scale is a number of at least 1.
 */
function compressRule<T extends Rule>(rule: T, timeScale: number): T {
  checkTimeScale(timeScale);
  const expr = compressExpr(rule.expr, timeScale);
  if (rule.kind === "record") return { ...rule, expr };
  return {
    ...rule,
    expr,
    forMs: rule.forMs / timeScale,
    keepFiringForMs: rule.keepFiringForMs / timeScale,
  };
}

/** Compresses every rule of a group, and the group's own times. */
export function compressGroup(group: RuleGroup, timeScale: number): RuleGroup {
  checkTimeScale(timeScale);
  return {
    ...group,
    intervalMs: group.intervalMs === null ? null : group.intervalMs / timeScale,
    queryOffsetMs: group.queryOffsetMs / timeScale,
    rules: group.rules.map((rule) => compressRule(rule, timeScale)),
  };
}

/** Compresses the engine's own lengths of time: the lookback and the default resolution of subqueries. */
export function compressEngine(options: EngineOptions, timeScale: number): EngineOptions {
  checkTimeScale(timeScale);
  return {
    ...options,
    lookbackMs: options.lookbackMs / timeScale,
    subqueryStepMs: options.subqueryStepMs / timeScale,
  };
}

/** Compresses the lengths of time in an expression. */
export function compressExpr(expr: Expr, timeScale: number): Expr {
  const compress = (inner: Expr) => compressExpr(inner, timeScale);
  const shift = (given: TimeShift): TimeShift => ({ ...given, offsetMs: given.offsetMs / timeScale });
  switch (expr.kind) {
    case "number":
    case "string":
      return expr;
    case "vector-selector":
      return { ...expr, shift: shift(expr.shift) };
    case "matrix-selector":
      return {
        ...expr,
        selector: { ...expr.selector, shift: shift(expr.selector.shift) },
        rangeMs: expr.rangeMs / timeScale,
      };
    case "subquery":
      return {
        ...expr,
        expr: compress(expr.expr),
        rangeMs: expr.rangeMs / timeScale,
        stepMs: expr.stepMs === null ? null : expr.stepMs / timeScale,
        shift: shift(expr.shift),
      };
    case "paren":
      return { ...expr, expr: compress(expr.expr) };
    case "unary":
      return { ...expr, operand: compress(expr.operand) };
    case "call":
      return { ...expr, args: expr.args.map(compress) };
    case "aggregation":
      return { ...expr, param: expr.param === null ? null : compress(expr.param), expr: compress(expr.expr) };
    case "binary":
      return { ...expr, left: compress(expr.left), right: compress(expr.right) };
  }
}

/** The shortest range in an expression, in milliseconds; undefined when it has none. */
export function shortestRangeMs(expr: Expr): number | undefined {
  const own = expr.kind === "matrix-selector" || expr.kind === "subquery" ? [expr.rangeMs] : [];
  const lengths = [...own, ...childrenOf(expr).map(shortestRangeMs)].filter((length) => length !== undefined);
  return lengths.length === 0 ? undefined : Math.min(...lengths);
}

function checkTimeScale(timeScale: number): void {
  if (Number.isFinite(timeScale) && timeScale >= 1) return;
  throw new UsageError({
    code: "bad-time-scale",
    message: `Expected a time scale of at least 1, got ${timeScale}.`,
    nextStep: "Choose how many seconds of production one second of the lab stands for, such as 60.",
  });
}
