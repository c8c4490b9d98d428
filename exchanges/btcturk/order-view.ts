import { type Order, remainingOf, type Trade } from "../market/matching/order.ts";
import { formatTrimmed, formatUnits } from "../market/units.ts";
import { btcturkPair } from "./btcturk-pairs.ts";

/** The answer to `POST /api/v1/order`. */
export function submittedView(order: Order): Record<string, unknown> {
  return {
    id: order.orderId,
    datetime: order.acceptedAtMs,
    type: order.side,
    method: methodOf(order),
    price: priceOf(order),
    stopPrice: order.trigger === undefined ? null : formatTrimmed(order.trigger.stopPrice),
    quantity: formatTrimmed(order.amount.quantity),
    pairSymbol: order.symbol,
    pairSymbolNormalized: normalizedOf(order.symbol),
    newOrderClientId: order.clientOrderId,
  };
}

/** An order as the lookups return it. Expired orders are shown as `Canceled`, filled ones as `Closed`. */
export function orderView(order: Order): Record<string, unknown> {
  return {
    id: order.orderId,
    price: priceOf(order),
    amount: formatUnits(order.quantity),
    quantity: formatUnits(order.quantity),
    stopPrice: formatTrimmed(order.trigger?.stopPrice ?? 0n),
    pairSymbol: order.symbol,
    pairSymbolNormalized: normalizedOf(order.symbol),
    type: order.side,
    method: methodOf(order),
    orderClientId: order.clientOrderId,
    time: order.acceptedAtMs,
    updateTime: order.updatedAtMs,
    status: statusOf(order),
    leftAmount: formatUnits(remainingOf(order)),
  };
}

/** A fill as `users/transactions/trade` returns it: a sale's amount and every fee are negative. */
export function transactionView(trade: Trade): Record<string, unknown> {
  const pair = btcturkPair(trade.symbol);
  return {
    price: formatTrimmed(trade.price),
    numeratorSymbol: pair?.base ?? "",
    denominatorSymbol: pair?.quote ?? "",
    orderType: trade.side,
    orderId: trade.orderId,
    orderClientId: trade.clientOrderId,
    id: trade.tradeId,
    timestamp: trade.atMs,
    amount: formatUnits(trade.side === "sell" ? -trade.quantity : trade.quantity),
    fee: formatUnits(-trade.fee),
    tax: "0",
  };
}

function statusOf(order: Order): string {
  switch (order.status) {
    case "new":
      return "Untouched";
    case "partially-filled":
      return "Partial";
    case "filled":
      return "Closed";
    // The unfilled rest of a market order is dropped; the order counts as done.
    case "expired":
      return order.executedQuantity > 0n ? "Closed" : "Canceled";
    case "canceled":
    case "expired-in-match":
      return "Canceled";
  }
}

/** The value of `orderMethod`. */
function methodOf({ type, trigger }: Order): string {
  const method = type === "market" ? "market" : "limit";
  return trigger === undefined ? method : `stop${method}`;
}

function priceOf(order: Order): string {
  return order.type === "market" ? "0" : formatTrimmed(order.limitPrice ?? 0n);
}

function normalizedOf(symbol: string): string {
  return btcturkPair(symbol)?.normalized ?? symbol;
}
