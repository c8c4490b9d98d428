import type { Misbehavior } from "./misbehavior.ts";
import { NO_OPTIONS } from "./options.ts";

/** One frame is dropped, so that the next one is not consecutive. */
export const gap: Misbehavior = {
  name: "gap",
  description:
    "One frame is dropped: the next one does not continue the last (Binance `U`, BTCTurk `CS`, BIST " +
    "`sequence`).",
  occasion: "depth frame, or quote",
  options: NO_OPTIONS,
};
