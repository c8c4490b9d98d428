import { z } from "zod";
import type { Misbehavior } from "./misbehavior.ts";
import { milliseconds } from "./options.ts";

const options = z.strictObject({
  delayMs: milliseconds(2_000, "how long the balance stays locked after the 452"),
});

/**
 * The feed is ahead of the ledger: a client that reacts immediately to the 452 does not have the money yet.
 */
export const unlockLag: Misbehavior<z.infer<typeof options>> = {
  name: "unlock-lag",
  description:
    "A canceled order's 452 arrives while its balance is still locked: an order that needs it is refused " +
    "with 1122, FAILED_ORDER_WITH_OPEN_ORDERS.",
  occasion: "cancel of an open order",
  options,
};
