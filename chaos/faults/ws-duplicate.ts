import { wsDuplicate as toxic } from "../proxy/toxics/ws-duplicate.ts";
import { describeMessages } from "./describe-choice.ts";
import { toxicFault } from "./toxic-fault.ts";

/** Messages arrive twice, as after a resubscription or from a publisher that repeats them. */
export const wsDuplicate = toxicFault({
  kind: "ws-duplicate",
  toxic,
  summary: "chosen WebSocket data messages are sent again",
  effect: (fault) =>
    `${describeMessages(fault)} sent again${fault.copies === 1 ? "" : ` ${fault.copies} times`}`,
});
