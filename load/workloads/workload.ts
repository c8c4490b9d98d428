import type { Answer, HttpRequest, OrderRequest, Question } from "../../api/index.ts";
import type { QuoteStreamReport } from "../load-result.ts";
import type { OperationKind, Outcome } from "../operation.ts";

/** An operation about to be sent. */
export interface PreparedOperation {
  readonly kind: OperationKind;
  readonly asks: Question | HttpRequest;
  readonly order: OrderRequest | null;
  readonly idempotencyKey: string | null;
  /** The order that it concerns, when its id is known before the answer. */
  readonly orderId: string | null;
}

/** What an answer means for the client that received it. */
export interface Reading {
  readonly outcome: Exclude<Outcome, "dropped">;
  readonly httpStatus: number | null;
  readonly error: string | null;
  readonly orderId: string | null;
  readonly clientOrderId: string | null;
  readonly orderStatus: string | null;
  readonly executedQuantity: string | null;
  /** The delay before a retry, in milliseconds; null for no retry. */
  readonly retryInMs: number | null;
}

/** The behavior of a load's clients: prepares one operation for each planned start, and reads its answer. */
export interface Workload {
  /**
   * Resolves when the clients can start. Never rejects because of the platform: the load starts in any case.
   */
  prepare(): Promise<void>;
  /**
   * Returns the operations of the next planned start: one, or the same one twice for a client that submits
   * twice. Called once per planned start, in the plan's order, so that the seed determines the operations.
   */
  next(): readonly PreparedOperation[];
  /** Sends an operation at once; `done` is called exactly once, later, whatever happens. */
  send(operation: PreparedOperation, done: (answer: Answer) => void): void;
  /** Reads how `operation` ended on its `attempt`-th try (1 for the first). */
  read(operation: PreparedOperation, answer: Answer, attempt: number): Reading;
  /** Ends it: what is not answered yet ends as `unknown`. Resolves when nothing of it runs any more. */
  close(): Promise<void>;
  /** How many requests it sent that are no operations. */
  unrecordedRequests(): number;
  quoteStreamReport(): QuoteStreamReport | null;
}
