import { remainingOf } from "../market/matching/order.ts";
import type { BinanceMisbehavior } from "./binance-misbehavior.ts";
import { NO_OPTIONS } from "./options.ts";
import { orderToCancel } from "./order-to-cancel.ts";

/** The order is filled before its cancel arrives. */
export const fillBeforeCancel: BinanceMisbehavior = {
  name: "fill-before-cancel",
  description:
    "An order is filled while its cancel is in progress: the cancel answers -2011, Unknown order sent.",
  occasion: "cancel of a resting order",
  options: NO_OPTIONS,
  call(call) {
    const order = orderToCancel(call);
    if (order !== undefined && call.strikes() !== undefined) call.engine.fillNow(order, remainingOf(order));
    return call.proceed();
  },
};
