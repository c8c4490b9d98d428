import { z } from "zod";
import type { Misbehavior, Occasions } from "./misbehavior.ts";

const options = z.strictObject({
  answer: z
    .enum(["ORDER_COULD_NOT_BE_CANCELED", "ORDER_CANCEL_BLOCKED"])
    .default("ORDER_COULD_NOT_BE_CANCELED")
    .describe("the answer to its cancels"),
});

/** An order that cannot be canceled. */
export const zombieOrder: Misbehavior<z.infer<typeof options>> = {
  name: "zombie-order",
  description:
    "An order stays Untouched in the open orders and cannot be canceled: each cancel answers " +
    "ORDER_COULD_NOT_BE_CANCELED.",
  occasion: "cancel of an open order; an affected order stays so while the misbehavior is enabled",
  options,
};

/** The orders that have become zombies. */
export class Zombies {
  readonly #orderIds = new Set<number>();

  /** The answer to a cancel of this order, if it cannot be canceled. */
  answerTo(orderId: number, occasions: Occasions): string | undefined {
    const active = occasions.active(zombieOrder);
    if (active === undefined) this.#orderIds.clear();
    if (active === undefined || this.#orderIds.has(orderId)) return active?.answer;
    const struck = occasions.strikes(zombieOrder);
    if (struck !== undefined) this.#orderIds.add(orderId);
    return struck?.answer;
  }
}
