import type {
  Order,
  OrderStatus,
  PreventedMatch,
  SelfTradeMode,
  TimeInForce,
  Trade,
} from "../market/matching/order.ts";
import { formatUnits } from "../market/units.ts";
import { SELF_TRADE_MODES } from "./binance-symbols.ts";

const STATUS: Readonly<Record<OrderStatus, string>> = {
  new: "NEW",
  "partially-filled": "PARTIALLY_FILLED",
  filled: "FILLED",
  canceled: "CANCELED",
  expired: "EXPIRED",
  "expired-in-match": "EXPIRED_IN_MATCH",
};
const TIME_IN_FORCE: Readonly<Record<TimeInForce, string>> = { gtc: "GTC", ioc: "IOC", fok: "FOK" };
const MODE_NAMES: ReadonlyMap<SelfTradeMode, string> = new Map(
  [...SELF_TRADE_MODES].map(([name, mode]) => [mode, name]),
);

/**
 * The answer's detail for a new order: only that it was accepted (ACK), its state (RESULT), or its fills too
 * (FULL).
 */
export type ResponseType = "ACK" | "RESULT" | "FULL";

/** The venue's name of an order type: it has one for each combination of trigger and type. */
function typeNameOf({ type, side, trigger }: Order): string {
  if (trigger === undefined) return { limit: "LIMIT", market: "MARKET", "limit-maker": "LIMIT_MAKER" }[type];
  const stopsLoss = (trigger.when === "rises-to") === (side === "buy");
  return `${stopsLoss ? "STOP_LOSS" : "TAKE_PROFIT"}${type === "limit" ? "_LIMIT" : ""}`;
}

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
  const matches = order.preventedMatches.filter(({ takerOrderId }) => takerOrderId === order.orderId);
  return {
    ...acknowledged,
    ...stateOf(order),
    ...specialFieldsOf(order),
    workingTime: order.workingSinceMs ?? -1,
    ...(order.type === "market" && order.status === "expired"
      ? { expiryReason: "INSUFFICIENT_LIQUIDITY" }
      : {}),
    ...(type === "FULL" ? { fills: order.trades.map(fillView) } : {}),
    ...(matches.length > 0 ? { preventedMatches: matches.map(matchOfOrderView) } : {}),
    ...(order.preventedQuantity > 0n ? { preventedQuantity: formatUnits(order.preventedQuantity) } : {}),
    selfTradePreventionMode: modeNameOf(order.selfTrade),
  };
}

/** One order as `GET /api/v3/order` and `openOrders` return it. */
export function orderView(order: Order): Record<string, unknown> {
  const { origQuoteOrderQty, ...state } = stateOf(order);
  const match = order.preventedMatches.at(-1);
  return {
    symbol: order.symbol,
    orderId: order.orderId,
    orderListId: -1,
    clientOrderId: order.clientOrderId,
    ...state,
    stopPrice: formatUnits(order.trigger?.stopPrice ?? 0n),
    icebergQty: formatUnits(order.visibleQuantity ?? 0n),
    time: order.acceptedAtMs,
    updateTime: order.updatedAtMs,
    isWorking: order.workingSinceMs !== undefined,
    workingTime: order.workingSinceMs ?? -1,
    origQuoteOrderQty,
    ...strategyFieldsOf(order),
    ...(match === undefined || order.preventedQuantity === 0n
      ? {}
      : {
          preventedMatchId: match.preventedMatchId,
          preventedQuantity: formatUnits(order.preventedQuantity),
        }),
    selfTradePreventionMode: modeNameOf(order.selfTrade),
  };
}

/** The answer to `DELETE /api/v3/order`: the cancellation has a client order id of its own. */
export function canceledView(order: Order, cancelClientOrderId: string): Record<string, unknown> {
  return {
    symbol: order.symbol,
    origClientOrderId: order.clientOrderId,
    orderId: order.orderId,
    orderListId: -1,
    clientOrderId: cancelClientOrderId,
    transactTime: order.updatedAtMs,
    ...stateOf(order),
    ...specialFieldsOf(order),
    selfTradePreventionMode: modeNameOf(order.selfTrade),
  };
}

/** One fill as `GET /api/v3/myTrades` returns it. */
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

/** One prevented match as `GET /api/v3/myPreventedMatches` returns it. */
export function preventedMatchView(match: PreventedMatch): Record<string, unknown> {
  return {
    symbol: match.symbol,
    preventedMatchId: match.preventedMatchId,
    takerOrderId: match.takerOrderId,
    makerSymbol: match.symbol,
    makerOrderId: match.makerOrderId,
    tradeGroupId: -1,
    selfTradePreventionMode: modeNameOf(match.mode),
    price: formatUnits(match.price),
    ...preventedQuantitiesOf(match),
    transactTime: match.atMs,
  };
}

/** The order's fields and state under the venue's names. */
export function stateOf(order: Order) {
  return {
    price: formatUnits(order.type === "market" ? 0n : (order.limitPrice ?? 0n)),
    origQty: formatUnits(order.quantity),
    executedQty: formatUnits(order.executedQuantity),
    origQuoteOrderQty: formatUnits(order.amount.of === "quote" ? order.amount.quantity : 0n),
    cummulativeQuoteQty: formatUnits(order.executedQuote),
    status: STATUS[order.status],
    timeInForce: TIME_IN_FORCE[order.timeInForce],
    type: typeNameOf(order),
    side: order.side === "buy" ? "BUY" : "SELL",
  };
}

/** The venue's name of a mode of self-trade prevention. */
export function modeNameOf(mode: SelfTradeMode): string {
  return MODE_NAMES.get(mode) ?? "NONE";
}

/** Fields that are in an answer only when the order has them. */
function specialFieldsOf(order: Order): Record<string, unknown> {
  const { trigger, visibleQuantity } = order;
  return {
    ...strategyFieldsOf(order),
    ...(trigger === undefined ? {} : { stopPrice: formatUnits(trigger.stopPrice) }),
    ...(visibleQuantity === undefined ? {} : { icebergQty: formatUnits(visibleQuantity) }),
  };
}

/** The strategy under the venue's names, when the owner has written one on the order. */
function strategyFieldsOf({ strategyId, strategyType }: Order): Record<string, unknown> {
  return {
    ...(strategyId === undefined ? {} : { strategyId }),
    ...(strategyType === undefined ? {} : { strategyType }),
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

function matchOfOrderView(match: PreventedMatch): Record<string, unknown> {
  return {
    preventedMatchId: match.preventedMatchId,
    makerOrderId: match.makerOrderId,
    price: formatUnits(match.price),
    ...preventedQuantitiesOf(match),
  };
}

function preventedQuantitiesOf({ takerQuantity, makerQuantity }: PreventedMatch): Record<string, unknown> {
  return {
    ...(takerQuantity > 0n ? { takerPreventedQuantity: formatUnits(takerQuantity) } : {}),
    ...(makerQuantity > 0n ? { makerPreventedQuantity: formatUnits(makerQuantity) } : {}),
  };
}
