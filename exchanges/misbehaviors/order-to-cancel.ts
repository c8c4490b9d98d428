import { isOpen, type Order } from "../market/matching/order.ts";
import type { BinanceCall } from "./binance-misbehavior.ts";

/** The resting order that a call would cancel, if there is one. */
export function orderToCancel({ endpoint, parameter, engine }: BinanceCall<object>): Order | undefined {
  if (endpoint !== "DELETE /api/v3/order") return undefined;
  const orderId = parameter("orderId");
  const order =
    orderId === undefined
      ? engine.orderOfClient(parameter("origClientOrderId") ?? "")
      : engine.order(Number(orderId));
  const isResting = order !== undefined && isOpen(order) && order.workingSinceMs !== undefined;
  return isResting && order.symbol === parameter("symbol") ? order : undefined;
}
