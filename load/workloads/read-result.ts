import { z } from "zod";
import type { HttpResult } from "../http/exchange.ts";
import { outcomeOfAnswer } from "./outcome-of-status.ts";
import { parseJson } from "./parse-json.ts";
import type { Reading } from "./workload.ts";

/** The fields of the platform's order answers that a client keeps; they are null for any other body. */
const orderAnswer = z.object({
  id: z.union([z.string(), z.number()]).transform(String).nullish(),
  clientOrderId: z.string().nullish(),
  status: z.string().nullish(),
  executedQuantity: z.string().nullish(),
  error: z.string().nullish(),
  reason: z.string().nullish(),
});

/** The outcome of a result, without a decision about a retry. */
export function readResult(result: HttpResult): Omit<Reading, "retryInMs"> {
  if (result.kind !== "answered") {
    const outcome = result.kind === "unsent" ? "failed" : "unknown";
    return { ...NOTHING_LEARNED, outcome, httpStatus: null, error: result.error };
  }
  const fields = result.body.startsWith("{")
    ? (orderAnswer.safeParse(parseJson(result.body)).data ?? {})
    : {};
  const outcome = outcomeOfAnswer(result.status, fields.error);
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
