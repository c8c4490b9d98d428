import { z } from "zod";
import type { Misbehavior } from "./misbehavior.ts";
import { decimal } from "./options.ts";

const options = z.strictObject({
  distance: decimal("25", "least distance of the reported price from the trade's own price"),
});

/** A public trade at a price that was not in the book. */
export const tradeOffBook: Misbehavior<z.output<typeof options>> = {
  name: "trade-off-book",
  description: "A public trade (422) is reported at a price that is not in the book.",
  occasion: "public trade",
  options,
};
