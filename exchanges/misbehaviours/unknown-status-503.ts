import type { Misbehaviour } from "./misbehaviour.ts";

/** The order is executed, but answered with 503 and an unknown execution status. */
export const unknownStatus503: Misbehaviour = {
  name: "unknown-status-503",
  description: "The order is executed, but answered with 503 and an unknown execution status.",
  occasion: "accepted-order",
};
