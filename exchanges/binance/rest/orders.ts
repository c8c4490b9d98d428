import { isOpen, type Order } from "../../market/matching/order.ts";
import { OrderRefused, type RefusalReason } from "../../market/matching/order-refused.ts";
import { type BinanceError, binanceError } from "../binance-error.ts";
import { checkOpenOrders } from "../filters.ts";
import { canceledView, orderView, placedView } from "../order-view.ts";
import {
  type BinanceContext,
  body,
  type Endpoint,
  type EndpointResult,
  marketOf,
  symbolOf,
} from "./context.ts";
import { clientOrderIdOf, type NewOrder, readNewOrder } from "./order-request.ts";
import type { Parameters } from "./parameters.ts";

const CANCEL_RESTRICTIONS = ["ONLY_NEW", "ONLY_PARTIALLY_FILLED"];
const RATE = "0.00100000";
const ZERO = "0.00000000";

/** Placing, finding and canceling orders. */
export const ORDER_ENDPOINTS: Readonly<Record<string, Endpoint>> = {
  "POST /api/v3/order": { access: "signed", weight: () => 1, refundsWeight: true, answer: place },
  "POST /api/v3/order/test": {
    access: "signed",
    weight: (parameters) => (parameters.boolean("computeCommissionRates") ? 20 : 1),
    answer: test,
  },
  "GET /api/v3/order": { access: "signed", weight: () => 4, answer: find },
  "DELETE /api/v3/order": { access: "signed", weight: () => 1, refundsWeight: true, answer: cancel },
  "GET /api/v3/openOrders": {
    access: "signed",
    weight: (parameters) => (parameters.optional("symbol") === undefined ? 80 : 6),
    answer: openOrders,
  },
  "DELETE /api/v3/openOrders": { access: "signed", weight: () => 1, refundsWeight: true, answer: cancelAll },
};

const REFUSALS: Readonly<Record<RefusalReason, () => BinanceError>> = {
  "insufficient-balance": binanceError.insufficientBalance,
  "duplicate-client-order-id": binanceError.duplicateOrder,
  "would-take": binanceError.wouldTake,
  "would-trigger": binanceError.wouldTrigger,
  "no-liquidity": binanceError.noLiquidity,
};

/** Reads a new order and checks everything except whether the account can pay. Throws BinanceError. */
export function readOrder(context: BinanceContext, parameters: Parameters): NewOrder {
  const symbol = symbolOf(context, parameters);
  const order = readNewOrder(parameters, symbol, marketOf(context, symbol), context.freshClientOrderId);
  if (symbol.status !== "TRADING") throw binanceError.marketClosed();
  checkOpenOrders(symbol, context.engine.openCounts(symbol.symbol), order.request.trigger !== undefined);
  return order;
}

/** Passes an order to the engine and counts it. Throws -1015 or -2010. */
export function placeOrder(context: BinanceContext, { request }: NewOrder): Order {
  context.limits.checkOrders();
  try {
    const order = context.engine.place(request);
    context.limits.countOrder();
    return order;
  } catch (cause) {
    if (cause instanceof OrderRefused) throw REFUSALS[cause.reason]();
    throw cause;
  }
}

function place(context: BinanceContext, parameters: Parameters): EndpointResult {
  const wanted = readOrder(context, parameters);
  const order = placeOrder(context, wanted);
  return {
    kind: "body",
    body: placedView(order, wanted.responseType),
    headers: context.limits.orderHeaders(),
  };
}

/** Checks an order without passing it to the engine. */
function test(context: BinanceContext, parameters: Parameters): EndpointResult {
  readOrder(context, parameters);
  if (!parameters.boolean("computeCommissionRates")) return body({});
  return body({
    standardCommissionForOrder: { maker: RATE, taker: RATE },
    specialCommissionForOrder: { maker: ZERO, taker: ZERO },
    taxCommissionForOrder: { maker: ZERO, taker: ZERO },
    discount: { enabledForAccount: false, enabledForSymbol: false, discountAsset: "BNB", discount: ZERO },
  });
}

function find(context: BinanceContext, parameters: Parameters): EndpointResult {
  const order = wantedOrder(context, parameters, "orderId", "origClientOrderId");
  if (order === undefined) throw binanceError.noSuchOrder();
  return body(orderView(order));
}

function cancel(context: BinanceContext, parameters: Parameters): EndpointResult {
  const order = wantedOrder(context, parameters, "orderId", "origClientOrderId");
  const canceled = cancelOrder(context, order, parameters, "newClientOrderId");
  return { kind: "body", body: canceled, headers: context.limits.orderHeaders() };
}

/**
 * Cancels an order, if the request's restrictions allow it, and returns the answer's body. `idName` is the
 * parameter with the cancellation's own id. Throws -1100, -1145 or -2011.
 */
export function cancelOrder(
  context: BinanceContext,
  order: Order | undefined,
  parameters: Parameters,
  idName: string,
): Record<string, unknown> {
  const restrictions = parameters.optional("cancelRestrictions");
  if (restrictions !== undefined && !CANCEL_RESTRICTIONS.includes(restrictions)) {
    throw binanceError.invalidCancelRestrictions();
  }
  if (order === undefined || !isOpen(order)) throw binanceError.unknownOrder();
  if (context.symbols.find(order.symbol)?.status === "HALT") {
    throw binanceError.cancelRejected("Market is closed.");
  }
  const allowed = { ONLY_NEW: "new", ONLY_PARTIALLY_FILLED: "partially-filled" }[restrictions ?? ""];
  if (allowed !== undefined && order.status !== allowed) {
    throw binanceError.cancelRejected("Order was not canceled due to cancel restrictions.");
  }
  const cancelId = clientOrderIdOf(parameters, idName) ?? context.freshClientOrderId();
  context.engine.cancel(order, cancelId);
  return canceledView(order, cancelId);
}

function openOrders(context: BinanceContext, parameters: Parameters): EndpointResult {
  const symbol =
    parameters.optional("symbol") === undefined ? undefined : symbolOf(context, parameters).symbol;
  const open = context.engine.openOrders.filter((order) => symbol === undefined || order.symbol === symbol);
  return body(open.map(orderView));
}

function cancelAll(context: BinanceContext, parameters: Parameters): EndpointResult {
  const { symbol } = symbolOf(context, parameters);
  const open = context.engine.openOrders.filter((order) => order.symbol === symbol);
  if (open.length === 0) throw binanceError.unknownOrder();
  return body(open.map((order) => cancelOrder(context, order, parameters, "newClientOrderId")));
}

/**
 * The order that a request names by its id (which takes precedence) or by its client order id. Throws -1102,
 * -1100 or -1121.
 */
export function wantedOrder(
  context: BinanceContext,
  parameters: Parameters,
  idName: string,
  clientIdName: string,
): Order | undefined {
  const { symbol } = symbolOf(context, parameters);
  const orderId = parameters.whole(idName);
  const clientOrderId = clientOrderIdOf(parameters, clientIdName);
  if (orderId === undefined && clientOrderId === undefined) {
    throw binanceError.neitherSent(clientIdName, idName);
  }
  const order =
    orderId === undefined ? context.engine.orderOfClient(clientOrderId ?? "") : context.engine.order(orderId);
  if (order === undefined || order.symbol !== symbol) return undefined;
  return clientOrderId === undefined || order.clientOrderId === clientOrderId ? order : undefined;
}
