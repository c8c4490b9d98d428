import { z } from "zod";
import { remainingOf } from "../market/matching/order.ts";
import { multiply, parseUnits } from "../market/units.ts";
import type { BinanceMisbehavior } from "./binance-misbehavior.ts";
import { orderToCancel } from "./order-to-cancel.ts";

const options = z.strictObject({
  part: z.number().gt(0).lt(1).default(0.5).describe("the share of the remaining quantity that is filled"),
});

/** The order is partly filled before its cancel arrives. */
export const partialFillBeforeCancel: BinanceMisbehavior<z.infer<typeof options>> = {
  name: "partial-fill-before-cancel",
  description:
    "An order is partially filled while its cancel is in progress: the cancel succeeds, CANCELED with an " +
    "executedQty.",
  occasion: "cancel of a resting order",
  options,
  call(call) {
    const order = orderToCancel(call);
    const struck = order === undefined ? undefined : call.strikes();
    if (order !== undefined && struck !== undefined) {
      const quantity = multiply(remainingOf(order), parseUnits(struck.part.toFixed(8)));
      // Quantities have at most five decimals; the venue cannot have a finer fill.
      call.engine.fillNow(order, quantity - (quantity % LOT));
    }
    return call.proceed();
  },
};

const LOT = parseUnits("0.00001");
