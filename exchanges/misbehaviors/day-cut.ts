import type { Misbehavior } from "./misbehavior.ts";
import { NO_OPTIONS } from "./options.ts";

/** The venue closes every WebSocket connection after 24 h; this closes those that are open now. */
export const dayCut: Misbehavior = {
  name: "day-cut",
  description: "A WebSocket connection that is open is closed with 1001, as after 24 h.",
  occasion: "open WebSocket connection, once each time it is enabled",
  options: NO_OPTIONS,
};
