import { httpBodyTruncated as toxic } from "../proxy/toxics/http-body-truncated.ts";
import { describeRequests } from "./describe-choice.ts";
import { toxicFault } from "./toxic-fault.ts";

/** Replies end in the middle of their body: half a JSON text, half an order book. */
export const httpBodyTruncated = toxicFault({
  kind: "http-body-truncated",
  toxic,
  summary: "the replies to HTTP requests are truncated within their body",
  healing: "The toxic is removed. Connections that it ended are gone; clients open new ones.",
  names: { bytes: "bodyBytes" },
  required: ["bytes"],
  effect: (fault) =>
    `reply to ${describeRequests(fault)} cut off after ${fault.bodyBytes} bytes of body (${fault.how})`,
});
