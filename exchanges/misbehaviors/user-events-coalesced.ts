import type { Misbehavior } from "./misbehavior.ts";
import { NO_OPTIONS } from "./options.ts";

/** The venue sends only an order's final state. */
export const userEventsCoalesced: Misbehavior = {
  name: "user-events-coalesced",
  description: "An order that fills at once is reported by TRADE alone: its NEW is never sent.",
  occasion: "executionReport of a new order",
  options: NO_OPTIONS,
};
