import type { Misbehavior } from "./misbehavior.ts";
import { NO_OPTIONS } from "./options.ts";

/** The venue could not execute the request and does not say why. */
export const orderFailed: Misbehavior = {
  name: "order-failed",
  description:
    "A valid order is refused for no reason that a client can see: 1118 FAILED_MARKET_ORDER or 1120 " +
    "FAILED_LIMIT_ORDER. Nothing was placed.",
  occasion: "valid order",
  options: NO_OPTIONS,
};
