import type { RequestPlan } from "../load-plan.ts";
import { readResult } from "./read-result.ts";
import type { PreparedOperation, Workload } from "./workload.ts";

/** The same request at every planned start, optionally with its number; never retried. */
export function createPlainRequests(plan: RequestPlan): Workload {
  const operations: readonly PreparedOperation[] = [
    {
      kind: "request",
      http: { method: plan.method, path: plan.path, headers: plan.headers, body: plan.body },
      order: null,
      idempotencyKey: null,
      orderId: null,
    },
  ];
  let number = 0;
  const numbered = (): readonly PreparedOperation[] => {
    const path = `${plan.path}?n=${number}`;
    number += 1;
    return operations.map((operation) => ({ ...operation, http: { ...operation.http, path } }));
  };
  return {
    prepare: () => Promise.resolve(),
    next: plan.numbered ? numbered : () => operations,
    read: (_operation, result) => ({ ...readResult(result), retryInMs: null }),
    close: () => undefined,
    quoteStreamReport: () => null,
  };
}
