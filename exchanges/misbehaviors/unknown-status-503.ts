import { binanceError } from "../binance/binance-error.ts";
import { ACTS_OPTION, type ActsOption, afterAct } from "./acts.ts";
import type { BinanceMisbehavior } from "./binance-misbehavior.ts";

/** The act is done, but answered with 503 and an unknown execution status. */
export const unknownStatus503: BinanceMisbehavior<ActsOption> = {
  name: "unknown-status-503",
  description:
    "The order is accepted, replaced or canceled, but answered with 503 and an unknown execution status: -1006 at " +
    "Binance, over REST and the WebSocket API; an HTML page at BTCTurk.",
  occasion: "accepted order, or another act that `acts` names",
  options: ACTS_OPTION,
  call: (call) =>
    afterAct(call, () => {
      throw binanceError.unknownStatus();
    }),
};
