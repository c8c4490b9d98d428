import { isOpen, type Order } from "../market/matching/order.ts";
import type { BinanceCall } from "./binance-misbehavior.ts";

/** The parameters by which an endpoint names the order that it cancels. */
const NAMED_BY: ReadonlyMap<string, { readonly id: string; readonly clientId: string }> = new Map([
  ["DELETE /api/v3/order", { id: "orderId", clientId: "origClientOrderId" }],
  ["POST /api/v3/order/cancelReplace", { id: "cancelOrderId", clientId: "cancelOrigClientOrderId" }],
]);
const CANCEL_ALL = "DELETE /api/v3/openOrders";

/** The resting order that a call would cancel, the oldest of several, if there is one. */
export function orderToCancel(call: BinanceCall<object>): Order | undefined {
  const isWanted = (order: Order): boolean =>
    isOpen(order) && order.workingSinceMs !== undefined && order.symbol === call.parameter("symbol");
  if (call.endpoint === CANCEL_ALL) return call.engine.openOrders.find(isWanted);
  const order = namedOrder(call);
  return order !== undefined && isWanted(order) ? order : undefined;
}

function namedOrder({ endpoint, parameter, engine }: BinanceCall<object>): Order | undefined {
  const named = NAMED_BY.get(endpoint);
  if (named === undefined) return undefined;
  const orderId = parameter(named.id);
  return orderId === undefined
    ? engine.orderOfClient(parameter(named.clientId) ?? "")
    : engine.order(Number(orderId));
}
