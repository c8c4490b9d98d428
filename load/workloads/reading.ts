import type { Answer } from "../../api/index.ts";
import type { Reading } from "./workload.ts";

/** What an answer means for its client, without any decision to try again. */
export function readingOf({ outcome, httpStatus, error, said }: Answer): Omit<Reading, "retryInMs"> {
  return {
    outcome,
    httpStatus,
    error,
    orderId: textOf(said.id),
    clientOrderId: textOf(said.clientOrderId),
    orderStatus: textOf(said.status),
    executedQuantity: textOf(said.executedQuantity),
  };
}

/** Ids may be numbers. Any other value is not kept. */
function textOf(value: unknown): string | null {
  if (typeof value === "number") return String(value);
  return typeof value === "string" ? value : null;
}
