import { wsDelay as toxic } from "../proxy/toxics/ws-delay.ts";
import { describeMessages } from "./describe-choice.ts";
import { toxicFault } from "./toxic-fault.ts";

/** Messages are late, by `delayMs` ± `jitterMs`; those behind them wait, or overtake. */
export const wsDelay = toxicFault({
  kind: "ws-delay",
  toxic,
  summary: "chosen WebSocket data messages are delayed",
  required: ["delay"],
  effect({ delayMs, jitterMs, order, ...match }) {
    const lateness = jitterMs === 0 ? `${delayMs} ms` : `${delayMs} ms ± ${jitterMs} ms`;
    return `${describeMessages(match)} delayed by ${lateness}${order === "overtake" ? " and overtaken" : ""}`;
  },
});
