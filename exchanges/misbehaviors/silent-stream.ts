import type { Misbehavior } from "./misbehavior.ts";
import { NO_OPTIONS } from "./options.ts";

/** A market data socket sends no more data, but still answers pings. */
export const silentStream: Misbehavior = {
  name: "silent-stream",
  description: "A market data socket sends no more data, but still answers pings and commands.",
  occasion: "market data socket, once each time it is enabled",
  options: NO_OPTIONS,
};
