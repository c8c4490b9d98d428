import type { Misbehavior } from "./misbehavior.ts";
import { NO_OPTIONS } from "./options.ts";

/** The order is executed, but answered with 503 and an unknown execution status. */
export const unknownStatus503: Misbehavior = {
  name: "unknown-status-503",
  description:
    "The order is accepted, but answered with 503 and an unknown execution status: -1006 at Binance, an " +
    "HTML page at BTCTurk.",
  occasion: "accepted order",
  options: NO_OPTIONS,
};
