import type { Units } from "../units.ts";
import type { Order, PreventedMatch, Trade } from "./order.ts";

/** What has just happened to an order. */
export type Execution =
  /** Accepted: it works now, or waits for its trigger. */
  | { readonly kind: "accepted" }
  /** Its trigger was reached: from now on it works. */
  | { readonly kind: "triggered" }
  | { readonly kind: "traded"; readonly trade: Trade }
  /** `cancelId`: the client order id of the cancellation itself, where the venue has one. */
  | { readonly kind: "canceled"; readonly cancelId: string }
  | { readonly kind: "expired" }
  | { readonly kind: "prevented"; readonly match: PreventedMatch; readonly quantity: Units };

/**
 * Receives the account's events immediately: the order is in its state after the execution. After the
 * executions of one request or market event come the assets whose balances they changed.
 */
export interface AccountListener {
  onExecution(order: Order, execution: Execution): void;
  onBalances(assets: readonly string[]): void;
  /** Money came (positive) or went without a trade. */
  onTransfer(asset: string, amount: Units): void;
}
