import { z } from "zod";
import { binanceError } from "../binance/binance-error.ts";
import { type BinanceMisbehavior, bodyOf } from "./binance-misbehavior.ts";
import { milliseconds } from "./options.ts";

const options = z.strictObject({
  lagMs: milliseconds(1_000, "how long an accepted order is not found"),
});

/** A read from a lagging replica: an existing order is reported as not existing. */
export const readLag: BinanceMisbehavior<z.infer<typeof options>> = {
  name: "read-lag",
  description: "A lookup of a live order that was just placed answers -2013, Order does not exist.",
  occasion: "lookup of an order that was placed recently enough",
  options,
  call({ endpoint, engine, proceed, strikes, nowMs, active }) {
    const result = proceed();
    if (endpoint !== "GET /api/v3/order") return result;
    const order = engine.order(Number(bodyOf(result)?.orderId));
    if (order === undefined || nowMs() - order.acceptedAtMs >= active.lagMs) return result;
    if (strikes() === undefined) return result;
    throw binanceError.noSuchOrder();
  },
};
