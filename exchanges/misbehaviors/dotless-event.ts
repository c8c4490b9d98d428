import type { Misbehavior } from "./misbehavior.ts";
import { NO_OPTIONS } from "./options.ts";

/** A server that lower-cases text by the Turkish locale, in which the lower case of I is ı. */
export const dotlessEvent: Misbehavior = {
  name: "dotless-event",
  description:
    "The event of a 451 is named `orderınsert`, with a Turkish dotless ı, instead of `OrderInsert`.",
  occasion: "451 frame",
  options: NO_OPTIONS,
};
