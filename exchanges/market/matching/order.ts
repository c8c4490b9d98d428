import type { Units } from "../units.ts";

export type OrderSide = "buy" | "sell";
export type OrderType = "limit" | "market" | "limit-maker";
/** Good till canceled, immediate or cancel, fill or kill. */
export type TimeInForce = "gtc" | "ioc" | "fok";

/**
 * - `new`: resting or waiting for its trigger, nothing filled; `partially-filled`: resting, some filled;
 *   `filled`: all of it;
 * - `canceled`: taken back by its owner;
 * - `expired`: what could not be filled at once was dropped (IOC, FOK, market);
 * - `expired-in-match`: dropped because it would have traded with an order of the same account.
 */
export type OrderStatus = "new" | "partially-filled" | "filled" | "canceled" | "expired" | "expired-in-match";

/** How much is wanted: an amount of the base asset, or what a sum of the quote asset buys or brings. */
export type WantedAmount =
  | { readonly of: "base"; readonly quantity: Units }
  | { readonly of: "quote"; readonly quantity: Units };

/** When a waiting order goes to work: as soon as the last price has reached the stop price from its side. */
export interface Trigger {
  readonly stopPrice: Units;
  readonly when: "rises-to" | "falls-to";
}

/**
 * What happens instead of a trade between two orders of the account (reference: Binance "Self Trade Prevention
 * FAQ"). The incoming order's mode decides: `none` lets them trade, `expire-…` drops what is left of one or
 * both, `decrement` takes the smaller quantity off both.
 */
export type SelfTradeMode = "none" | "expire-taker" | "expire-maker" | "expire-both" | "decrement";

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
  /** Left out, the order works at once. */
  readonly trigger?: Trigger | undefined;
  /** An iceberg's tip: how much of it stands in the queue at once. Left out, all of it. */
  readonly visibleQuantity?: Units | undefined;
  /** Left out, `expire-maker`. */
  readonly selfTrade?: SelfTradeMode | undefined;
}

/** An order that the venue accepted, with all that became of it. Only the engine changes it. */
export interface Order extends OrderRequest {
  readonly orderId: number;
  readonly selfTrade: SelfTradeMode;
  /** Wall time, ms since the epoch. */
  readonly acceptedAtMs: number;
  updatedAtMs: number;
  /** Since when it can trade; nothing while it waits for its trigger. */
  workingSinceMs: number | undefined;
  status: OrderStatus;
  /** The whole quantity in the base asset: for an order by quote sum, what it came to. */
  quantity: Units;
  executedQuantity: Units;
  executedQuote: Units;
  /** What self-trade prevention took off. */
  preventedQuantity: Units;
  /** What the account has reserved for the rest, in {@link lockedAsset}. */
  locked: Units;
  readonly lockedAsset: string;
  /** The tape's quantity at this price that came first and is served first. */
  queueAhead: Units;
  /** What is left of an iceberg's tip; of any other order all that is left. */
  tip: Units;
  readonly trades: Trade[];
  readonly preventedMatches: PreventedMatch[];
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

/** A trade between two orders of the account that was prevented. */
export interface PreventedMatch {
  readonly preventedMatchId: number;
  readonly symbol: string;
  readonly takerOrderId: number;
  readonly makerOrderId: number;
  readonly mode: SelfTradeMode;
  readonly price: Units;
  /** What was taken off each of the two. */
  readonly takerQuantity: Units;
  readonly makerQuantity: Units;
  /** Wall time, ms since the epoch. */
  readonly atMs: number;
}

/** Whether the order can still trade, now or once it is triggered. */
export function isOpen(order: Order): boolean {
  return order.status === "new" || order.status === "partially-filled";
}

/** What is left to fill, in the base asset. */
export function remainingOf(order: Order): Units {
  return order.quantity - order.executedQuantity - order.preventedQuantity;
}
