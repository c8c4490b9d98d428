import type { CheckRecord, FaultRecord } from "../../evidence/index.ts";
import { check, judgeCondition } from "../../harness/index.ts";
import type { Operation } from "../../load/index.ts";

/** At rest there is a moment at which no connection is in use, unless one was never returned to the pool. */
export const RETURNED_CONNECTIONS = {
  name: "database connections are returned",
  expression: 'min_over_time(db_pool_connections{state="active"}[200ms])',
  limit: { atMost: 0 },
  quantity: "count",
  basis: "schedule",
} as const;

/** A platform that does not measure its pool is not asked. */
export function judgeReturned(measured: Parameters<typeof judgeCondition>[1]): CheckRecord {
  const found = judgeCondition(RETURNED_CONNECTIONS, measured);
  return measured.kind === "no-data" ? { ...found, verdict: "pass", received: "not measured" } : found;
}

const SERVER_ERROR = 500;

/**
 * Whether the platform broke on what it was asked: a server's error other than 503, though nothing was wrong, or
 * whatever was wrong, an internal error.
 */
export function judgeUnanswered(
  operations: readonly Operation[],
  faults: readonly FaultRecord[],
): CheckRecord {
  const expected = "no internal error, and no failure at all when no fault was injected";
  return check({ kind: "invariant", name: "requests-served", basis: "count", expected }, () => {
    const failed = operations.filter(({ outcome, httpStatus }) =>
      faults.length === 0
        ? outcome === "failed" && (httpStatus ?? SERVER_ERROR) >= SERVER_ERROR
        : httpStatus === SERVER_ERROR,
    );
    const [first] = failed;
    const judgedBy = { count: operations.length, noun: "operation" };
    if (first === undefined)
      return { verdict: "pass", received: `${operations.length} operations`, judgedBy };
    const status = first.httpStatus ?? "no answer";
    const received = `${failed.length} of ${operations.length} operations: ${failed.length} answered ${status}; ${first.request.method} ${first.request.path} ${first.error ?? ""}`;
    return { verdict: "fail", received, judgedBy };
  });
}
