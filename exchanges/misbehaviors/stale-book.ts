import { z } from "zod";
import type { Misbehavior } from "./misbehavior.ts";
import { milliseconds } from "./options.ts";

const options = z.strictObject({
  delayMs: milliseconds(2_000, "how old the book is; 1 to 3 s have been observed"),
});

/** The whole book is delayed: consistent, without gaps, and wrong. */
export const staleBook: Misbehavior<z.infer<typeof options>> = {
  name: "stale-book",
  description:
    "obdiff, orderbook and REST have the book as it was seconds ago, without gaps, while trades and tickers " +
    "are live.",
  occasion: "change of a pair's book",
  options,
};
