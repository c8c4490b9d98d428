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

/** The wanted quantity: an amount of the base asset, or an amount of the quote asset to spend or receive. */
export type WantedAmount =
  | { readonly of: "base"; readonly quantity: Units }
  | { readonly of: "quote"; readonly quantity: Units };

/** When a waiting order is triggered: as soon as the last price reaches the stop price from its side. */
export interface Trigger {
  readonly stopPrice: Units;
  readonly when: "rises-to" | "falls-to";
}

/**
 * What replaces a trade between two orders of the account (reference: Binance "Self Trade Prevention FAQ").
 * The incoming order's mode decides: `none` lets them trade, `expire-…` expires the rest of one or both,
 * `decrement` subtracts the smaller quantity from both.
 */
export type SelfTradeMode = "none" | "expire-taker" | "expire-maker" | "expire-both" | "decrement";

/** An order as a venue's interface passes it to the engine; its form is already checked. */
export interface OrderRequest {
  readonly symbol: string;
  readonly side: OrderSide;
  readonly type: OrderType;
  readonly timeInForce: TimeInForce;
  readonly amount: WantedAmount;
  /** The limit price; for a market order the worst acceptable price, or undefined. */
  readonly limitPrice: Units | undefined;
  readonly clientOrderId: string;
  /** Absent: the order can trade immediately. */
  readonly trigger?: Trigger | undefined;
  /** The visible part of an iceberg. Absent: all of it. */
  readonly visibleQuantity?: Units | undefined;
  /** What its owner writes on it, without a meaning for the venue. */
  readonly strategyId?: number | undefined;
  readonly strategyType?: number | undefined;
  /** Absent: `expire-maker`. */
  readonly selfTrade?: SelfTradeMode | undefined;
}

/** An order that the venue accepted, with its current state. Only the engine changes it. */
export interface Order extends OrderRequest {
  readonly orderId: number;
  readonly selfTrade: SelfTradeMode;
  /** Wall time, ms since the epoch. */
  readonly acceptedAtMs: number;
  updatedAtMs: number;
  /** When it was activated; undefined while it waits for its trigger. */
  workingSinceMs: number | undefined;
  status: OrderStatus;
  /** The whole quantity in the base asset; for an order by quote amount, the quantity that resulted. */
  quantity: Units;
  executedQuantity: Units;
  executedQuote: Units;
  /** The quantity that self-trade prevention removed. */
  preventedQuantity: Units;
  /** What the account has reserved for the remaining quantity, in {@link lockedAsset}. */
  locked: Units;
  readonly lockedAsset: string;
  /** The tape's quantity at this price that was there before and trades first. */
  queueAhead: Units;
  /** For an iceberg the remaining visible part; otherwise the whole remaining quantity. */
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
  /** The quantity that was removed from each of the two. */
  readonly takerQuantity: Units;
  readonly makerQuantity: Units;
  /** Wall time, ms since the epoch. */
  readonly atMs: number;
}

/** Whether the order can still trade, now or after its trigger. */
export function isOpen(order: Order): boolean {
  return order.status === "new" || order.status === "partially-filled";
}

/** The remaining quantity, in the base asset. */
export function remainingOf(order: Order): Units {
  return order.quantity - order.executedQuantity - order.preventedQuantity;
}
