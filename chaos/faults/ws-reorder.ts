import { wsReorder as toxic } from "../proxy/toxics/ws-reorder.ts";
import { describeMessages } from "./describe-choice.ts";
import { toxicFault } from "./toxic-fault.ts";

/** Each chosen message arrives after the one that was sent after it. */
export const wsReorder = toxicFault({
  kind: "ws-reorder",
  toxic,
  summary: "each chosen WebSocket data message is swapped with the next one",
  effect: (fault) => `${describeMessages(fault)} swapped with the next`,
});
