import type { Misbehaviour } from "./misbehaviour.ts";
import { NO_OPTIONS } from "./options.ts";

/** Events overtake each other on their way. */
export const userEventsOutOfOrder: Misbehaviour = {
  name: "user-events-out-of-order",
  description: "Two executionReports come in the wrong order: the later one first.",
  occasion: "executionReport that another one follows",
  venues: ["binance"],
  options: NO_OPTIONS,
};
