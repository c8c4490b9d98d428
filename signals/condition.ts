import { z } from "zod";
import { QUANTITY_NAMES } from "../core/index.ts";
import { neverStored } from "./alerting/never-stored.ts";
import { type Expr, selectorsOf } from "./promql/ast.ts";
import { parsePromql, typeOfPromql } from "./promql/parse-promql.ts";
import { PromqlError } from "./promql/promql-error.ts";

/** PromQL that reads metrics and whose value is, or may be, one number. */
export const PROMQL_SCHEMA = z.string().superRefine((expression, context) => {
  const complaint = complaintAbout(expression);
  if (complaint !== undefined) context.addIssue({ code: "custom", message: `Expected ${complaint}` });
});

/** PromQL whose value can be compared with a bound. */
const boundedPromql = PROMQL_SCHEMA.superRefine((expression, context) => {
  if (!filtersByComparison(expression)) return;
  const message =
    "Expected PromQL whose value is bounded by `limit` (a comparison without `bool` drops the value where it is false)";
  context.addIssue({ code: "custom", message });
});

const COMPARISONS = ["==", "!=", ">", "<", ">=", "<="];

function filtersByComparison(expression: string): boolean {
  if (complaintAbout(expression) !== undefined) return false;
  let expr = parsePromql(expression);
  while (expr.kind === "paren") expr = expr.expr;
  return expr.kind === "binary" && COMPARISONS.includes(expr.operator) && !expr.returnBool;
}

/** What is expected of an expression and is not true, as text after "expected". */
function complaintAbout(expression: string): string | undefined {
  let expr: Expr;
  try {
    expr = parsePromql(expression);
  } catch (error) {
    if (error instanceof PromqlError) return `PromQL (${error.position}: ${error.reason})`;
    throw error;
  }
  const type = typeOfPromql(expr, expression);
  if (type !== "vector" && type !== "scalar") return `PromQL of a vector or a scalar, not of a ${type}`;
  if (selectorsOf(expr).length === 0) return "PromQL that reads a metric";
  const [spelled] = neverStored(expr);
  return spelled === undefined
    ? undefined
    : `${spelled.stored}, as Prometheus stores it, instead of ${spelled.written}`;
}

const limit = z.union(
  [z.strictObject({ atMost: z.number() }).readonly(), z.strictObject({ atLeast: z.number() }).readonly()],
  { error: "Expected { atMost: number } or { atLeast: number }" },
);

/** A bound on a query over the platform's metrics. A value beyond it is a fail; no data is inconclusive. */
export const CONDITION_SCHEMA = z
  .strictObject({
    name: z.string().min(1).describe("What the limit bounds, for the report."),
    expression: boundedPromql.describe(
      "PromQL, evaluated when the load has ended; ranges are in the lab's own time. It must return one series.",
    ),
    limit: limit.describe("The bound; the condition also holds at exactly this value."),
    quantity: z
      .enum(QUANTITY_NAMES)
      .default("amount")
      .describe(
        "What the value measures, which defines its possible range: a value outside of it is inconclusive. " +
          "An `amount` is never negative; a difference that may be is a `change`.",
      ),
    basis: z
      .enum(["schedule", "time"])
      .default("schedule")
      .describe(
        "`time`: it holds only while the platform gets its share of the processor, so a failure on a machine that " +
          "other programs use is inconclusive.",
      ),
  })
  .readonly();

export type Condition = z.output<typeof CONDITION_SCHEMA>;

/** Something that must have happened: a query over the platform's metrics whose value must be above zero. */
export const OCCURRENCE_SCHEMA = z
  .strictObject({
    name: z.string().min(1).describe("What must happen, for the report."),
    expression: PROMQL_SCHEMA.describe(
      "PromQL, evaluated when the load has ended; a value above zero means that it happened.",
    ),
  })
  .readonly();
