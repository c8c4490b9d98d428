import type { Units } from "../units.ts";
import type { Order, PreventedMatch, Trade } from "./order.ts";

/** An event of an order. */
export type Execution =
  /** Accepted: it can trade, or waits for its trigger. */
  | { readonly kind: "accepted" }
  /** Triggered: from now on it can trade. */
  | { readonly kind: "triggered" }
  | { readonly kind: "traded"; readonly trade: Trade }
  /** `cancelId`: the client order id of the cancellation itself, where the venue has one. */
  | { readonly kind: "canceled"; readonly cancelId: string }
  | { readonly kind: "expired" }
  | { readonly kind: "prevented"; readonly match: PreventedMatch; readonly quantity: Units };

/**
 * Receives the account's events immediately, when the order is already in its state after the execution.
 * After the executions of one request or market event, it receives the assets whose balances changed.
 */
export interface AccountListener {
  onExecution(order: Order, execution: Execution): void;
  onBalances(assets: readonly string[]): void;
  /** Money was deposited (positive) or withdrawn without a trade. */
  onTransfer(asset: string, amount: Units): void;
}
