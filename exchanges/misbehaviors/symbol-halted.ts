import { z } from "zod";
import type { Misbehavior } from "./misbehavior.ts";

const options = z.strictObject({
  symbol: z.string().default("THYAO").describe("the symbol"),
  reason: z.string().default("circuit-breaker").describe("the text of the halt message"),
});

/** A circuit breaker halts one symbol during continuous trading. */
export const symbolHalted: Misbehavior<z.infer<typeof options>> = {
  name: "symbol-halted",
  description:
    "One symbol is halted mid-session: a halt message, indicative prices instead of quotes, and at the " +
    "end an auction price and a resume.",
  occasion: "halt; it lasts as long as the misbehavior is enabled",
  options,
};
