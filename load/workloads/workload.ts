import type { HttpRequest, HttpResult } from "../http/exchange.ts";
import type { QuoteStreamReport } from "../load-result.ts";
import type { OperationKind, OrderRequest, Outcome } from "../operation.ts";

/** An operation about to be sent. */
export interface PreparedOperation {
  readonly kind: OperationKind;
  readonly http: HttpRequest;
  readonly order: OrderRequest | null;
  readonly idempotencyKey: string | null;
  /** The order that it is about, where that is known before the answer. */
  readonly orderId: string | null;
}

/** What an answer meant for the client that got it. */
export interface Reading {
  readonly outcome: Exclude<Outcome, "dropped">;
  readonly httpStatus: number | null;
  readonly error: string | null;
  readonly orderId: string | null;
  readonly clientOrderId: string | null;
  readonly orderStatus: string | null;
  readonly executedQuantity: string | null;
  /** In how many milliseconds the client tries the same again; null when it does not. */
  readonly retryInMs: number | null;
}

/** What the clients of a load do: prepares one operation for each planned start, and reads its answer. */
export interface Workload {
  /** Resolves when the clients can begin. Never rejects because of the platform: clients begin regardless. */
  prepare(): Promise<void>;
  /**
   * Returns what is sent at the next planned start: one operation, or the same one twice for a client that
   * submits twice. Called once per planned start, in the plan's order, so that a seed decides it.
   */
  next(): readonly PreparedOperation[];
  /** Reads how `operation` ended on its `attempt`-th try (1 for the first). */
  read(operation: PreparedOperation, result: HttpResult, attempt: number): Reading;
  close(): void;
  quoteStreamReport(): QuoteStreamReport | null;
}
