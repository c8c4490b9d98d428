import type { Order, OrderStatus, OrderType, TimeInForce, Trade } from "../market/matching/order.ts";
import { formatUnits } from "../market/units.ts";

const STATUS: Readonly<Record<OrderStatus, string>> = {
  new: "NEW",
  "partially-filled": "PARTIALLY_FILLED",
  filled: "FILLED",
  canceled: "CANCELED",
  expired: "EXPIRED",
  "expired-in-match": "EXPIRED_IN_MATCH",
};
const TYPE: Readonly<Record<OrderType, string>> = {
  limit: "LIMIT",
  market: "MARKET",
  "limit-maker": "LIMIT_MAKER",
};
const TIME_IN_FORCE: Readonly<Record<TimeInForce, string>> = { gtc: "GTC", ioc: "IOC", fok: "FOK" };

/** How much of a new order is told: nothing more than that it came, its state, or its fills too. */
export type ResponseType = "ACK" | "RESULT" | "FULL";

/** The answer to `POST /api/v3/order`. */
export function placedView(order: Order, type: ResponseType): Record<string, unknown> {
  const acknowledged = {
    symbol: order.symbol,
    orderId: order.orderId,
    orderListId: -1,
    clientOrderId: order.clientOrderId,
    transactTime: order.updatedAtMs,
  };
  if (type === "ACK") return acknowledged;
  const result = {
    ...acknowledged,
    ...stateOf(order),
    workingTime: order.acceptedAtMs,
    ...(order.type === "market" && order.status === "expired"
      ? { expiryReason: "INSUFFICIENT_LIQUIDITY" }
      : {}),
  };
  const stp = { selfTradePreventionMode: "EXPIRE_MAKER" };
  if (type === "RESULT") return { ...result, ...stp };
  return { ...result, fills: order.trades.map(fillView), ...stp };
}

/** One order as `GET /api/v3/order` and `openOrders` tell it. */
export function orderView(order: Order): Record<string, unknown> {
  const { origQuoteOrderQty, ...state } = stateOf(order);
  return {
    symbol: order.symbol,
    orderId: order.orderId,
    orderListId: -1,
    clientOrderId: order.clientOrderId,
    ...state,
    stopPrice: "0.00000000",
    icebergQty: "0.00000000",
    time: order.acceptedAtMs,
    updateTime: order.updatedAtMs,
    isWorking: true,
    workingTime: order.acceptedAtMs,
    origQuoteOrderQty,
    selfTradePreventionMode: "EXPIRE_MAKER",
  };
}

/** The answer to `DELETE /api/v3/order`: the cancel has a client order id of its own. */
export function canceledView(order: Order, cancelClientOrderId: string): Record<string, unknown> {
  return {
    symbol: order.symbol,
    origClientOrderId: order.clientOrderId,
    orderId: order.orderId,
    orderListId: -1,
    clientOrderId: cancelClientOrderId,
    transactTime: order.updatedAtMs,
    ...stateOf(order),
    selfTradePreventionMode: "EXPIRE_MAKER",
  };
}

/** One fill as `GET /api/v3/myTrades` tells it. */
export function myTradeView(trade: Trade): Record<string, unknown> {
  return {
    symbol: trade.symbol,
    id: trade.tradeId,
    orderId: trade.orderId,
    orderListId: -1,
    price: formatUnits(trade.price),
    qty: formatUnits(trade.quantity),
    quoteQty: formatUnits(trade.quote),
    commission: formatUnits(trade.fee),
    commissionAsset: trade.feeAsset,
    time: trade.atMs,
    isBuyer: trade.side === "buy",
    isMaker: trade.isMaker,
    isBestMatch: true,
  };
}

function stateOf(order: Order) {
  return {
    price: formatUnits(order.type === "market" ? 0n : (order.limitPrice ?? 0n)),
    origQty: formatUnits(order.quantity),
    executedQty: formatUnits(order.executedQuantity),
    origQuoteOrderQty: formatUnits(order.amount.of === "quote" ? order.amount.quantity : 0n),
    cummulativeQuoteQty: formatUnits(order.executedQuote),
    status: STATUS[order.status],
    timeInForce: TIME_IN_FORCE[order.timeInForce],
    type: TYPE[order.type],
    side: order.side === "buy" ? "BUY" : "SELL",
  };
}

function fillView(trade: Trade): Record<string, unknown> {
  return {
    price: formatUnits(trade.price),
    qty: formatUnits(trade.quantity),
    commission: formatUnits(trade.fee),
    commissionAsset: trade.feeAsset,
    tradeId: trade.tradeId,
  };
}
