import { z } from "zod";
import { linkName, share, wholeNumber } from "./fault-kind.ts";
import { describeHttpMatch, httpMatch, httpMatchAttributes, httpMatchOf } from "./http-match.ts";
import { toxicFault } from "./toxic-fault.ts";

const schema = z.strictObject({
  kind: z.literal("http-body-truncated"),
  link: linkName,
  toxicity: share.default(1),
  ...httpMatch,
  /** How much of the body arrives, without the sizes of a chunked one. */
  bodyBytes: wholeNumber,
  how: z.enum(["close", "reset"]).default("close"),
});

/** Replies end in the middle of their body: half a JSON text, half an order book. */
export const httpBodyTruncated = {
  ...toxicFault({
    kind: "http-body-truncated",
    toxicType: "http_body_truncated",
    summary: "the replies to HTTP requests are cut off within their body",
    schema,
    attributes: [
      ...httpMatchAttributes,
      { name: "bodyBytes", toxicName: "bytes", takes: "number", summary: "bytes of the body that arrive" },
      { name: "how", toxicName: "how", takes: "text", summary: "close (a FIN to both sides) or reset" },
    ],
    effect: (fault) =>
      `reply to ${describeHttpMatch(fault)} cut off after ${fault.bodyBytes} bytes of body (${fault.how})`,
    toxicAttributes: (fault) => ({ ...httpMatchOf(fault), bytes: fault.bodyBytes, how: fault.how }),
  }),
  healing: "The toxic is removed. Connections that it ended are gone; clients open new ones.",
};
