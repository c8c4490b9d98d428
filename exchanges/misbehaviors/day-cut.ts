import type { Misbehavior } from "./misbehavior.ts";
import { NO_OPTIONS } from "./options.ts";

/** Every WebSocket connection is cut after 24 h; this cuts those that are open now. */
export const dayCut: Misbehavior = {
  name: "day-cut",
  description: "A WebSocket connection that is open is closed with 1001, as after 24 h.",
  occasion: "open WebSocket connection, asked once each time it is switched on",
  venues: ["binance"],
  options: NO_OPTIONS,
};
