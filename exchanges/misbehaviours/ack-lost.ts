import type { Misbehaviour } from "./misbehaviour.ts";
import { NO_OPTIONS } from "./options.ts";

/** The order is accepted, but its answer never comes and the connection is cut. */
export const ackLost: Misbehaviour = {
  name: "ack-lost",
  description: "The order is accepted, but its answer never comes and the connection is cut.",
  occasion: "accepted order",
  venues: ["binance", "btcturk"],
  options: NO_OPTIONS,
};
