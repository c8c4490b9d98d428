import { httpReplyLost as toxic } from "../proxy/toxics/http-reply-lost.ts";
import { describeRequests } from "./describe-choice.ts";
import { toxicFault } from "./toxic-fault.ts";

/** The server executed the request, but the client does not find out: an order accepted, its answer lost. */
export const httpReplyLost = toxicFault({
  kind: "http-reply-lost",
  toxic,
  summary: "HTTP requests reach the server, but its replies are lost",
  healing: "The toxic is removed. Connections on which a reply was lost by hanging are closed.",
  effect: (fault) => `reply to ${describeRequests(fault)} lost (${fault.how})`,
});
