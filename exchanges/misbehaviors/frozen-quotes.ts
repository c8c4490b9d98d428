import type { Misbehavior } from "./misbehavior.ts";
import { NO_OPTIONS } from "./options.ts";

/** The vendor's cache has stopped: frames keep coming with new numbers and times, but old content. */
export const frozenQuotes: Misbehavior = {
  name: "frozen-quotes",
  description: "Quotes continue, with the usual numbers and timestamps, but their prices no longer change.",
  occasion: "quote",
  options: NO_OPTIONS,
};
