import type { Misbehavior } from "./misbehavior.ts";
import { NO_OPTIONS } from "./options.ts";

/** A delete of a level that does not exist. */
export const phantomDelete: Misbehavior = {
  name: "phantom-delete",
  description: "An obdiff frame deletes (CP 3) a level that is not in the book.",
  occasion: "obdiff frame",
  options: NO_OPTIONS,
};
