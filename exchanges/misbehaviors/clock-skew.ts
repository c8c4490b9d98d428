import { z } from "zod";
import type { Clock } from "../../core/index.ts";
import type { Misbehavior, Occasions } from "./misbehavior.ts";

const options = z.strictObject({
  skewMs: z
    .number()
    .min(-86_400_000)
    .max(86_400_000)
    .default(10_000)
    .describe("how far the venue's clock is ahead; negative: behind"),
});

/** The clocks of venue and client differ: signed requests are too old or too new. */
export const clockSkew: Misbehavior<z.infer<typeof options>> = {
  name: "clock-skew",
  description:
    "The venue's clock is off: its server time shows it, and a timestamp by the right clock is refused " +
    "(Binance -1021, BTCTurk 401 Invalid Nonce).",
  occasion: "request that is checked against the venue's clock",
  options,
};

/** The clock that the venue's API uses. All reads during one request have the same offset and count once. */
export function skewedClock(clock: Clock, misbehaviors: Occasions): Clock {
  let skewMs: number | undefined;
  const currentSkewMs = (): number => {
    if (misbehaviors.active(clockSkew) === undefined) return 0;
    if (skewMs !== undefined) return skewMs;
    skewMs = misbehaviors.strikes(clockSkew)?.skewMs ?? 0;
    setImmediate(() => {
      skewMs = undefined;
    });
    return skewMs;
  };
  return {
    nowMs: () => clock.nowMs() + currentSkewMs(),
    monotonicMs: () => clock.monotonicMs(),
    sleep: (durationMs, signal) => clock.sleep(durationMs, signal),
  };
}
