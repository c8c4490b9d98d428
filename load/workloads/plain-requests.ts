import type { RequestPlan } from "../load-plan.ts";
import { readResult } from "./read-result.ts";
import type { PreparedOperation, Workload } from "./workload.ts";

/** One and the same request at every planned start, never tried again. */
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
  return {
    prepare: () => Promise.resolve(),
    next: () => operations,
    read: (_operation, result) => ({ ...readResult(result), retryInMs: null }),
    close: () => undefined,
    quoteStreamReport: () => null,
  };
}
