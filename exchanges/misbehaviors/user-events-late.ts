import { z } from "zod";
import type { Misbehavior } from "./misbehavior.ts";
import { milliseconds } from "./options.ts";

const options = z.strictObject({ delayMs: milliseconds(1_000, "how late it is") });

/** The public trade of a fill arrives before the owner's event. */
export const userEventsLate: Misbehavior<z.infer<typeof options>> = {
  name: "user-events-late",
  description:
    "The account's events arrive late, in their order, after the public trades and the REST answers.",
  occasion: "event of the account",
  options,
};
