import type { Misbehavior } from "./misbehavior.ts";
import { NO_OPTIONS } from "./options.ts";

/** The order is accepted, but the answer is not sent and the connection is closed. */
export const ackLost: Misbehavior = {
  name: "ack-lost",
  description: "The order is accepted, but its answer is never sent and the connection is cut.",
  occasion: "accepted order",
  options: NO_OPTIONS,
};
