import { z } from "zod";
import { parsePromql } from "../../signals/index.ts";

const promql = z.string().superRefine((expression, context) => {
  try {
    parsePromql(expression);
  } catch (error) {
    const message = `Expected PromQL (${error instanceof Error ? error.message : String(error)})`;
    context.addIssue({ code: "custom", message });
  }
});

const limit = z.union(
  [z.strictObject({ atMost: z.number() }).readonly(), z.strictObject({ atLeast: z.number() }).readonly()],
  { error: "Expected { atMost: number } or { atLeast: number }" },
);

/** A bound on a query over the platform's metrics. Beyond it is a fail, no data is inconclusive. */
export const CONDITION_SCHEMA = z
  .strictObject({
    name: z.string().min(1),
    /** PromQL, evaluated when the load has ended; ranges are of the lab's own time. */
    expression: promql,
    limit,
  })
  .readonly();

export type Condition = z.output<typeof CONDITION_SCHEMA>;

/** Something that must have happened: a query over the platform's metrics whose value must be above zero. */
export const OCCURRENCE_SCHEMA = z
  .strictObject({
    name: z.string().min(1),
    /** PromQL, evaluated when the load has ended. */
    expression: promql,
  })
  .readonly();
