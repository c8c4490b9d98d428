import { z } from "zod";
import { binanceError } from "../binance/binance-error.ts";
import { type BinanceMisbehavior, intentionOf } from "./binance-misbehavior.ts";
import { count } from "./options.ts";

const options = z.strictObject({
  retryAfterS: count(
    10,
    "the delay until a retry, in seconds: Retry-After, and retryAfter over the WebSocket API",
  ),
});
const LIMIT = 50;

/** The order limit is used up by other clients of the same account. */
export const tooManyOrders: BinanceMisbehavior<z.infer<typeof options>> = {
  name: "too-many-orders",
  description: "A new order is refused with 429 and -1015, Too many new orders. Nothing was placed.",
  occasion: "new order",
  options,
  call({ endpoint, proceed, strikes, nowMs }) {
    const intention = intentionOf(endpoint);
    const struck = intention === "place" || intention === "replace" ? strikes() : undefined;
    if (struck === undefined) return proceed();
    const inSeconds = struck.retryAfterS;
    throw binanceError.tooManyOrders(LIMIT, "10 SECOND", { atMs: nowMs() + inSeconds * 1_000, inSeconds });
  },
};
