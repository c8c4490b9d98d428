import { z } from "zod";
import { binanceError } from "../binance/binance-error.ts";
import type { BinanceMisbehavior } from "./binance-misbehavior.ts";
import { count } from "./options.ts";

const options = z.strictObject({ retryAfterS: count(10, "the Retry-After value in seconds") });
const LIMIT = 6_000;

/** The address has used up its request weight, perhaps by other clients behind it. */
export const tooMuchWeight: BinanceMisbehavior<z.infer<typeof options>> = {
  name: "too-much-weight",
  description: "Every request is refused with 429 and -1003, Too much request weight used, with Retry-After.",
  occasion: "request",
  options,
  call({ proceed, strikes, nowMs }) {
    const struck = strikes();
    if (struck === undefined) return proceed();
    const inSeconds = struck.retryAfterS;
    throw binanceError.tooMuchWeight(LIMIT, { atMs: Math.floor(nowMs()) + inSeconds * 1_000, inSeconds });
  },
};
