import type { Answer, HttpClient, HttpRequest, HttpResult } from "../../api/index.ts";
import type { RequestPlan } from "../load-plan.ts";
import { readingOf } from "./reading.ts";
import type { PreparedOperation, Workload } from "./workload.ts";

/** The same request at every planned start, numbered where that is wanted; never tried again. */
export function createPlainRequests(plan: RequestPlan, client: HttpClient): Workload {
  const { method, path, headers, body } = plan;
  const operations: readonly PreparedOperation[] = [
    {
      kind: "request",
      asks: { method, path, headers, body },
      order: null,
      idempotencyKey: null,
      orderId: null,
    },
  ];
  let number = 0;
  const numbered = (): readonly PreparedOperation[] => {
    const asks: HttpRequest = { method, path: `${path}?n=${number}`, headers, body };
    number += 1;
    return operations.map((operation) => ({ ...operation, asks }));
  };
  return {
    prepare: () => Promise.resolve(),
    next: plan.numbered ? numbered : () => operations,
    send: ({ asks }, done) => {
      if ("kind" in asks) throw new TypeError(`Expected a request, got the question ${asks.kind}.`);
      client.send(asks, (result) => done(answerTo(asks, result)));
    },
    read: (_operation, answer) => ({ ...readingOf(answer), retryInMs: null }),
    close: async () => client.close(),
    unrecordedRequests: () => 0,
    quoteStreamReport: () => null,
  };
}

/** What came of a request of which only the status counts. */
function answerTo({ method, path }: HttpRequest, result: HttpResult): Answer {
  const rest = { again: NEVER, said: {}, unreadable: null, sent: { method, path } };
  if (result.kind !== "answered") {
    const outcome = result.kind === "unsent" ? "failed" : "unknown";
    return { outcome, httpStatus: null, error: result.error, ...rest };
  }
  const { status } = result;
  const isSuccess = status >= 200 && status < 300;
  const error = isSuccess ? null : `http-${status}`;
  return { outcome: isSuccess ? "succeeded" : "failed", httpStatus: status, error, ...rest };
}

const NEVER = { kind: "no" } as const;
