/** What a client wanted: an order placed, looked up or canceled, positions or a quote read, or a plain request. */
export type OperationKind = "place" | "query" | "cancel" | "positions" | "quote" | "request";

/**
 * How an operation ended, from its client's view.
 *
 * - `succeeded`: answered with 2xx. A place answered 202 succeeded too: its `orderStatus` is `UNKNOWN`.
 * - `rejected`: the platform refused it as its contract says (422 risk block or venue rejection, 423 kill
 *   switch, 409 for a cancel of an order that is not open any more).
 * - `failed`: 5xx, another unexpected status, or it never arrived because no connection could be made.
 * - `unknown`: the client never learned: no answer in time, or the connection was cut after sending.
 * - `dropped`: the generator did not send it, since its limit of operations in flight was reached. It is a fault
 *   of the measurement, not of the platform, and has no effect there.
 */
export type Outcome = "succeeded" | "rejected" | "failed" | "unknown" | "dropped";

/** Every outcome, in the order in which tables list them. */
export const OUTCOMES = ["succeeded", "rejected", "failed", "unknown", "dropped"] as const;

/** An order as a client asks for it; decimals are exact strings. `price` is null for a market order. */
export interface OrderRequest {
  readonly venue: string;
  readonly symbol: string;
  readonly side: "buy" | "sell";
  readonly type: "limit" | "market";
  readonly quantity: string;
  readonly price: string | null;
}

/** What was sent, short enough to keep for every operation. */
interface RequestSummary {
  readonly method: string;
  readonly path: string;
  readonly order: OrderRequest | null;
}

/** One operation of the history. Times are milliseconds since the load's start, on one monotonic clock. */
export interface Operation {
  /** 1 and up, in the order of starting; unique in its run. */
  readonly id: number;
  readonly kind: OperationKind;
  /** When the plan wanted it to start: latency is `endedAtMs − plannedAtMs`. */
  readonly plannedAtMs: number;
  /** When it did start; `startedAtMs − plannedAtMs` is the generator's own lag. */
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  readonly outcome: Outcome;
  readonly httpStatus: number | null;
  /** Why it was not answered, or the platform's own word for it: `timeout`, `ECONNRESET`, `risk_block`. */
  readonly error: string | null;
  /** 1 for a first try. Of an order that was submitted twice at once there are two. */
  readonly attempt: number;
  /** The id of the first try, when this one repeats it with the same key and body. */
  readonly attemptOf: number | null;
  readonly idempotencyKey: string | null;
  readonly orderId: string | null;
  readonly clientOrderId: string | null;
  readonly orderStatus: string | null;
  readonly executedQuantity: string | null;
  readonly request: RequestSummary;
}
