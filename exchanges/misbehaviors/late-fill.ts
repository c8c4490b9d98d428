import { z } from "zod";
import type { Trade } from "../market/matching/order.ts";
import type { Misbehavior, Occasions } from "./misbehavior.ts";
import { count } from "./options.ts";

const options = z.strictObject({
  polls: count(30, "after how many reads of the list of transactions the fill is in it"),
});

/** A fill that is in the balances long before it is in the list of transactions. */
export const lateFill: Misbehavior<z.infer<typeof options>> = {
  name: "late-fill",
  description: "A fill is missing from users/transactions/trade for dozens of polls, then appears.",
  occasion: "fill, at the first poll that should contain it",
  options,
};

/** Which fills are still withheld, and for how many polls. */
export class LateFills {
  readonly #pollsLeft = new Map<number, number>();

  /** The fills that a poll returns of those that it should return. */
  visible(trades: readonly Trade[], occasions: Occasions): readonly Trade[] {
    return trades.filter(({ tradeId }) => {
      const left = this.#pollsLeft.get(tradeId) ?? occasions.strikes(lateFill)?.polls ?? 0;
      this.#pollsLeft.set(tradeId, Math.max(0, left - 1));
      return left === 0;
    });
  }
}
