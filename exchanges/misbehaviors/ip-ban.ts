import { z } from "zod";
import { binanceError } from "../binance/binance-error.ts";
import type { BinanceMisbehavior } from "./binance-misbehavior.ts";
import { milliseconds } from "./options.ts";

const options = z.strictObject({
  banMs: milliseconds(120_000, "the announced duration of the ban; the venue's shortest is 2 minutes"),
});

/** The IP address is banned, perhaps because of another client behind the same address. */
export const ipBan: BinanceMisbehavior<z.infer<typeof options>> = {
  name: "ip-ban",
  description: "Every request is answered with 418 and -1003, IP banned until …, with Retry-After.",
  occasion: "request",
  options,
  call({ proceed, strikes, nowMs }) {
    const struck = strikes();
    if (struck === undefined) return proceed();
    throw binanceError.banned({
      atMs: Math.floor(nowMs()) + struck.banMs,
      inSeconds: Math.ceil(struck.banMs / 1_000),
    });
  },
};
