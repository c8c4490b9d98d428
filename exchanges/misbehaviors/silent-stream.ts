import type { Misbehavior } from "./misbehavior.ts";
import { NO_OPTIONS } from "./options.ts";

/** A market data socket sends no more data, but still answers pings. */
export const silentStream: Misbehavior = {
  name: "silent-stream",
  description: "A market data socket says nothing any more, but still answers pings and commands.",
  occasion: "market data socket, asked once each time it is switched on",
  options: NO_OPTIONS,
};
