import type { Misbehavior } from "./misbehavior.ts";
import { NO_OPTIONS } from "./options.ts";

/** Events overtake each other. */
export const userEventsOutOfOrder: Misbehavior = {
  name: "user-events-out-of-order",
  description: "Two executionReports arrive in the wrong order: the later one first.",
  occasion: "executionReport that another one follows",
  options: NO_OPTIONS,
};
