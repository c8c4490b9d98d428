import { z } from "zod";
import type { Trade } from "../market/matching/order.ts";
import type { Misbehavior, Occasions } from "./misbehavior.ts";
import { count } from "./options.ts";

const options = z.strictObject({
  polls: count(30, "how many times the list of transactions is read before the fill is in it"),
});

/** A fill that is long in the balances before it is in the list of transactions. */
export const lateFill: Misbehavior<z.infer<typeof options>> = {
  name: "late-fill",
  description: "A fill is missing from users/transactions/trade for dozens of polls, then appears.",
  occasion: "fill, at the first poll that would tell it",
  venues: ["btcturk"],
  options,
};

/** Which fills are still kept back, and for how many polls. */
export class LateFills {
  readonly #pollsLeft = new Map<number, number>();

  /** What a poll tells of the fills that it should tell. */
  visible(trades: readonly Trade[], occasions: Occasions): readonly Trade[] {
    return trades.filter(({ tradeId }) => {
      const left = this.#pollsLeft.get(tradeId) ?? occasions.strikes(lateFill)?.polls ?? 0;
      this.#pollsLeft.set(tradeId, Math.max(0, left - 1));
      return left === 0;
    });
  }
}
