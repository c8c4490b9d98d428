import type { Units } from "../units.ts";

export type OrderSide = "buy" | "sell";
export type OrderType = "limit" | "market" | "limit-maker";
/** Good till cancelled, immediate or cancel, fill or kill. */
export type TimeInForce = "gtc" | "ioc" | "fok";

/**
 * - `new`: resting, nothing filled; `partially-filled`: resting, some filled; `filled`: all of it;
 * - `canceled`: taken back by its owner;
 * - `expired`: what could not be filled at once was dropped (IOC, FOK, market);
 * - `expired-in-match`: dropped because it would have traded with an order of the same account.
 */
export type OrderStatus = "new" | "partially-filled" | "filled" | "canceled" | "expired" | "expired-in-match";

/** How much is wanted: an amount of the base asset, or what a sum of the quote asset buys or brings. */
export type WantedAmount =
  | { readonly of: "base"; readonly quantity: Units }
  | { readonly of: "quote"; readonly quantity: Units };

/** An order as a venue's edge hands it over, its form already checked. */
export interface OrderRequest {
  readonly symbol: string;
  readonly side: OrderSide;
  readonly type: OrderType;
  readonly timeInForce: TimeInForce;
  readonly amount: WantedAmount;
  /** The limit; for a market order the worst price it may reach, or none. */
  readonly limitPrice: Units | undefined;
  readonly clientOrderId: string;
}

/** An order that the venue accepted, with all that became of it. Only the engine changes it. */
export interface Order extends OrderRequest {
  readonly orderId: number;
  /** Wall time, ms since the epoch. */
  readonly acceptedAtMs: number;
  updatedAtMs: number;
  status: OrderStatus;
  /** The whole quantity in the base asset: for an order by quote sum, what it came to. */
  quantity: Units;
  executedQuantity: Units;
  executedQuote: Units;
  /** What the account has reserved for the rest, in {@link lockedAsset}. */
  locked: Units;
  readonly lockedAsset: string;
  /** The tape's quantity at this price that came first and is served first. */
  queueAhead: Units;
  readonly trades: Trade[];
}

/** One fill of one order. */
export interface Trade {
  readonly tradeId: number;
  readonly orderId: number;
  readonly clientOrderId: string;
  readonly symbol: string;
  readonly side: OrderSide;
  readonly price: Units;
  readonly quantity: Units;
  readonly quote: Units;
  readonly fee: Units;
  readonly feeAsset: string;
  /** Whether the order was resting when it traded. */
  readonly isMaker: boolean;
  /** Wall time, ms since the epoch. */
  readonly atMs: number;
}

/** Whether the order can still trade. */
export function isOpen(order: Order): boolean {
  return order.status === "new" || order.status === "partially-filled";
}

/** What is left to fill, in the base asset. */
export function remainingOf(order: Order): Units {
  return order.quantity - order.executedQuantity;
}
