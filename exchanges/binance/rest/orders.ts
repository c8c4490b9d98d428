import { isOpen, type Order } from "../../market/matching/order.ts";
import { OrderRefused, type RefusalReason } from "../../market/matching/order-refused.ts";
import { ackLost } from "../../misbehaviours/ack-lost.ts";
import { unknownStatus503 } from "../../misbehaviours/unknown-status-503.ts";
import { type BinanceError, binanceError } from "../binance-error.ts";
import { canceledView, orderView, placedView } from "../order-view.ts";
import { type BinanceDesk, body, type Endpoint, type EndpointResult, marketOf } from "./desk.ts";
import { clientOrderIdOf, readOrderRequest, responseTypeOf, symbolOf } from "./order-request.ts";
import type { Parameters } from "./parameters.ts";

/** Placing, finding and cancelling orders. */
export const ORDER_ENDPOINTS: Readonly<Record<string, Endpoint>> = {
  "POST /api/v3/order": { access: "signed", weight: () => 1, refundsWeight: true, answer: place },
  "GET /api/v3/order": { access: "signed", weight: () => 4, answer: find },
  "DELETE /api/v3/order": { access: "signed", weight: () => 1, refundsWeight: true, answer: cancel },
  "GET /api/v3/openOrders": {
    access: "signed",
    weight: (parameters) => (parameters.optional("symbol") === undefined ? 80 : 6),
    answer: openOrders,
  },
};

const REFUSALS: Readonly<Record<RefusalReason, () => BinanceError>> = {
  "insufficient-balance": binanceError.insufficientBalance,
  "duplicate-client-order-id": binanceError.duplicateOrder,
  "would-take": binanceError.wouldTake,
};

function place(desk: BinanceDesk, parameters: Parameters): EndpointResult {
  const symbol = symbolOf(parameters);
  const { book } = marketOf(desk, symbol);
  const request = readOrderRequest(parameters, symbol, book, desk.freshClientOrderId);
  const responseType = responseTypeOf(parameters, request.type);
  desk.limits.checkOrders();
  const order = accepting(() => desk.engine.place(request));
  desk.limits.countOrder();
  if (desk.misbehaviours.bites(ackLost)) return { kind: "cut" };
  if (desk.misbehaviours.bites(unknownStatus503)) throw binanceError.unknownStatus();
  return { kind: "body", body: placedView(order, responseType), headers: desk.limits.orderHeaders() };
}

function accepting(place: () => Order): Order {
  try {
    return place();
  } catch (cause) {
    if (cause instanceof OrderRefused) throw REFUSALS[cause.reason]();
    throw cause;
  }
}

function find(desk: BinanceDesk, parameters: Parameters): EndpointResult {
  const order = wantedOrder(desk, parameters);
  if (order === undefined) throw binanceError.noSuchOrder();
  return body(orderView(order));
}

function cancel(desk: BinanceDesk, parameters: Parameters): EndpointResult {
  const order = wantedOrder(desk, parameters);
  if (order === undefined || !isOpen(order)) throw binanceError.unknownOrder();
  const cancelId = clientOrderIdOf(parameters, "newClientOrderId") ?? desk.freshClientOrderId();
  desk.engine.cancel(order);
  return { kind: "body", body: canceledView(order, cancelId), headers: desk.limits.orderHeaders() };
}

function openOrders(desk: BinanceDesk, parameters: Parameters): EndpointResult {
  const symbol = parameters.optional("symbol") === undefined ? undefined : symbolOf(parameters).symbol;
  const open = desk.engine.openOrders.filter((order) => symbol === undefined || order.symbol === symbol);
  return body(open.map(orderView));
}

/** The order that a request names by `orderId` (which wins) or `origClientOrderId`. */
function wantedOrder(desk: BinanceDesk, parameters: Parameters): Order | undefined {
  const { symbol } = symbolOf(parameters);
  const orderId = parameters.whole("orderId");
  const clientOrderId = clientOrderIdOf(parameters, "origClientOrderId");
  if (orderId === undefined && clientOrderId === undefined) {
    throw binanceError.neitherSent("origClientOrderId", "orderId");
  }
  const order =
    orderId === undefined ? desk.engine.orderOfClient(clientOrderId ?? "") : desk.engine.order(orderId);
  if (order === undefined || order.symbol !== symbol) return undefined;
  return clientOrderId === undefined || order.clientOrderId === clientOrderId ? order : undefined;
}
