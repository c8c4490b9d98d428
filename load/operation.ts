import type { OrderRequest } from "../api/index.ts";

/**
 * The kinds of operations: an order placed, looked up or canceled, positions or a quote read, or a plain
 * request.
 */
export type OperationKind = "place" | "query" | "cancel" | "positions" | "quote" | "request";

/**
 * How an operation ended, as its client saw it.
 *
 * - `succeeded`: answered with 2xx. A place answered with 202 counts too: its `orderStatus` is `UNKNOWN`.
 * - `rejected`: the platform refused it by its contract (422 risk block or venue rejection, 423 kill switch,
 *   409 for a cancel of an order that is no longer open).
 * - `failed`: 5xx, another unexpected status, or no connection could be made.
 * - `unknown`: no answer came in time, or the connection was cut after sending.
 * - `dropped`: the generator did not send it, because its limit of operations in flight was reached. This is
 *   a defect of the measurement, not of the platform.
 */
export type Outcome = "succeeded" | "rejected" | "failed" | "unknown" | "dropped";

/** Every outcome, in the order in which tables list them. */
export const OUTCOMES = ["succeeded", "rejected", "failed", "unknown", "dropped"] as const;

/** The request, short enough to keep for every operation. */
interface RequestSummary {
  readonly method: string;
  readonly path: string;
  readonly order: OrderRequest | null;
}

/** One operation of the history. Times are milliseconds since the load's start, on one monotonic clock. */
export interface Operation {
  /** From 1, in the order of starts; unique in its run. */
  readonly id: number;
  readonly kind: OperationKind;
  /** The planned start: latency is `endedAtMs − plannedAtMs`. */
  readonly plannedAtMs: number;
  /** The actual start; `startedAtMs − plannedAtMs` is the generator's own lag. */
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  readonly outcome: Outcome;
  readonly httpStatus: number | null;
  /** Why it was not answered, or the platform's error code: `timeout`, `ECONNRESET`, `risk_block`. */
  readonly error: string | null;
  /** 1 for a first attempt. An order that was submitted twice at once has two of them. */
  readonly attempt: number;
  /** The id of the first attempt, when this one repeats it with the same key and body. */
  readonly attemptOf: number | null;
  readonly idempotencyKey: string | null;
  readonly orderId: string | null;
  readonly clientOrderId: string | null;
  readonly orderStatus: string | null;
  readonly executedQuantity: string | null;
  readonly request: RequestSummary;
}
