import { httpReplyDelay as toxic } from "../proxy/toxics/http-reply-delay.ts";
import { describeRequests } from "./describe-choice.ts";
import { toxicFault } from "./toxic-fault.ts";

/** The server takes longer to answer some requests. */
export const httpReplyDelay = toxicFault({
  kind: "http-reply-delay",
  toxic,
  summary: "HTTP requests reach the server, but its replies are delayed",
  healing: "The toxic is removed. Replies that it still holds arrive at once.",
  required: ["delay"],
  effect(fault) {
    const jitter = fault.jitterMs === 0 ? "" : ` ± ${fault.jitterMs} ms`;
    return `reply to ${describeRequests(fault)} delayed by ${fault.delayMs} ms${jitter}`;
  },
});
