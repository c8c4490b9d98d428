import { wsDrop as toxic } from "../proxy/toxics/ws-drop.ts";
import { describeMessages } from "./describe-choice.ts";
import { toxicFault } from "./toxic-fault.ts";

/** Whole messages of a feed are lost: a gap in its sequence numbers. */
export const wsDrop = toxicFault({
  kind: "ws-drop",
  toxic,
  summary: "chosen WebSocket data messages are lost",
  effect: (fault) => `${describeMessages(fault)} dropped`,
});
