import { z } from "zod";
import type { HttpResult } from "../http/exchange.ts";
import type { Outcome } from "../operation.ts";
import { parseJson } from "./parse-json.ts";
import type { Reading } from "./workload.ts";

/** The fields of the platform's order answers that a client keeps; any other body leaves them null. */
const orderAnswer = z.object({
  id: z.union([z.string(), z.number()]).transform(String).nullish(),
  clientOrderId: z.string().nullish(),
  status: z.string().nullish(),
  executedQuantity: z.string().nullish(),
  error: z.string().nullish(),
  reason: z.string().nullish(),
});

/** The contract's refusals: 422 for a risk block or a venue's rejection, 423 for the kill switch. */
const REFUSALS: ReadonlySet<number> = new Set([422, 423]);
/** 409 for a cancel that came too late: its order filled or ended before. Any other conflict is a failure. */
const TOO_LATE = "order_not_open";

/** What a result meant, without any decision to try again. */
export function readResult(result: HttpResult): Omit<Reading, "retryInMs"> {
  if (result.kind !== "answered") {
    const outcome = result.kind === "unsent" ? "failed" : "unknown";
    return { ...NOTHING_LEARNED, outcome, httpStatus: null, error: result.error };
  }
  const answer = orderAnswer.safeParse(result.body.startsWith("{") ? parseJson(result.body) : undefined);
  const fields = answer.success ? answer.data : {};
  const outcome = fields.error === TOO_LATE ? "rejected" : outcomeOf(result.status);
  return {
    outcome,
    httpStatus: result.status,
    error: outcome === "succeeded" ? null : (fields.error ?? `http-${result.status}`),
    orderId: fields.id ?? null,
    clientOrderId: fields.clientOrderId ?? null,
    orderStatus: fields.status ?? null,
    executedQuantity: fields.executedQuantity ?? null,
  };
}

const NOTHING_LEARNED = { orderId: null, clientOrderId: null, orderStatus: null, executedQuantity: null };

function outcomeOf(status: number): Exclude<Outcome, "dropped" | "unknown"> {
  if (status >= 200 && status < 300) return "succeeded";
  return REFUSALS.has(status) ? "rejected" : "failed";
}
