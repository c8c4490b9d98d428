import { ACTS_OPTION, type ActsOption, afterAct } from "./acts.ts";
import type { BinanceMisbehavior } from "./binance-misbehavior.ts";

/** The act is done, but the answer is not sent and the connection is closed. */
export const ackLost: BinanceMisbehavior<ActsOption> = {
  name: "ack-lost",
  description:
    "The order is accepted, replaced or canceled, but the answer is never sent and the connection is cut, over " +
    "REST and the WebSocket API.",
  occasion: "accepted order, or another act that `acts` names",
  options: ACTS_OPTION,
  call: (call) => afterAct(call, () => ({ kind: "cut" })),
};
