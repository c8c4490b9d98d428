import { z } from "zod";
import type { Misbehavior } from "./misbehavior.ts";
import { decimal } from "./options.ts";

const options = z.strictObject({
  distance: decimal("25", "how far from its own price the trade is told, at least"),
});

/** A public trade at a price that was not in the book. */
export const tradeOffBook: Misbehavior<z.output<typeof options>> = {
  name: "trade-off-book",
  description: "A public trade (422) is told at a price that is not in the book.",
  occasion: "public trade",
  options,
};
