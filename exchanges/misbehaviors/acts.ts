import { z } from "zod";
import { type BinanceCall, type BinanceResult, intentionOf } from "./binance-misbehavior.ts";

/** The acts that a misbehavior concerns: `place` accepts an order, also for another; `cancel` takes some back. */
export const ACTS_OPTION = z.strictObject({
  acts: z
    .enum(["place", "cancel", "any"])
    .default("place")
    .describe(
      "which acts: `place` (orders, replacements), `cancel` (one order, or all of a symbol), or `any`",
    ),
});

/** The option as it was read. */
export type ActsOption = z.infer<typeof ACTS_OPTION>;

/** Whether an option concerns an act. */
export function concerns({ acts }: ActsOption, act: "place" | "cancel"): boolean {
  return acts === "any" || acts === act;
}

/**
 * The result of a call at Binance whose act was done, changed by `change` when the misbehavior takes effect. An act
 * that was refused is no occasion.
 */
export function afterAct<Options extends ActsOption>(
  { endpoint, active, proceed, strikes }: BinanceCall<Options>,
  change: (struck: Options) => BinanceResult,
): BinanceResult {
  const result = proceed();
  // Another misbehavior has already taken the answer.
  if (result.kind !== "body") return result;
  const intention = intentionOf(endpoint);
  const act = intention === "replace" ? "place" : intention;
  const struck = act !== undefined && concerns(active, act) ? strikes() : undefined;
  return struck === undefined ? result : change(struck);
}
