import type { Misbehavior } from "./misbehavior.ts";
import { NO_OPTIONS } from "./options.ts";

/** A fill whose report lacks its own quantity. */
export const zeroLastQuantity: Misbehavior = {
  name: "zero-last-quantity",
  description:
    "The executionReport of a complete fill has FILLED with a last quantity (l) and price (L) of 0.",
  occasion: "executionReport with FILLED",
  options: NO_OPTIONS,
};
