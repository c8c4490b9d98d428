import type { Misbehavior } from "./misbehavior.ts";
import { NO_OPTIONS } from "./options.ts";

/** A deleted level stays in every client's book. */
export const missingDelete: Misbehavior = {
  name: "missing-delete",
  description:
    "The deletes (CP 3) of one obdiff frame are omitted, but its CS advances: those levels are stuck in the " +
    "client's book.",
  occasion: "obdiff frame with deletes",
  options: NO_OPTIONS,
};
