import type { Condition } from "../../signals/index.ts";

/** A platform that cannot be measured while it is in trouble is measured only when it does not matter. */
const MEASURED: Condition = {
  name: "share of the time in which metrics could be read",
  expression: 'avg_over_time(up{job="platform"}[60s])',
  limit: { atLeast: 0.9 },
  quantity: "ratio",
  basis: "time",
};

/** Conditions that hold after every scenario, whatever was done to the platform. */
export const ORDINARY_CONDITIONS: readonly Condition[] = [
  MEASURED,
  {
    // One success within two seconds is enough: on a busy machine a single answer may come too late.
    name: "health is reported while all is well",
    expression: 'max_over_time(probe_success{job="health"}[2s])',
    limit: { atLeast: 1 },
    quantity: "ratio",
    basis: "time",
  },
  {
    // At rest there is a moment at which no connection is in use, unless one was never returned to the pool.
    name: "database connections are returned",
    expression: 'min_over_time(db_pool_connections{state="active"}[2s])',
    limit: { atMost: 0 },
    quantity: "count",
    basis: "schedule",
  },
];

/** Whether a condition can be met only if the platform's process runs from the beginning to the end. */
export function needsOneProcess({ expression }: Pick<Condition, "expression">): boolean {
  return expression === MEASURED.expression;
}
