import { z } from "zod";
import { linkName, share } from "./fault-kind.ts";
import { describeHttpMatch, httpMatch, httpMatchAttributes, httpMatchOf } from "./http-match.ts";
import { toxicFault } from "./toxic-fault.ts";

const schema = z.strictObject({
  kind: z.literal("http-reply-lost"),
  link: linkName,
  toxicity: share.default(1),
  ...httpMatch,
  /** What becomes of the connection. */
  how: z.enum(["hang", "close", "reset"]).default("hang"),
});

/** The server has done what it was asked to, and the client never learns: an order accepted, its answer lost. */
export const httpReplyLost = {
  ...toxicFault({
    kind: "http-reply-lost",
    toxicType: "http_reply_lost",
    summary: "HTTP requests reach the server, and its replies are lost",
    schema,
    attributes: [
      ...httpMatchAttributes,
      {
        name: "how",
        toxicName: "how",
        takes: "text",
        summary: "hang (nothing more arrives on the connection), close (a FIN to both sides) or reset",
      },
    ],
    effect: (fault) => `reply to ${describeHttpMatch(fault)} lost (${fault.how})`,
    toxicAttributes: (fault) => ({ ...httpMatchOf(fault), how: fault.how }),
  }),
  healing: "The toxic is removed. Connections on which a reply was lost by hanging are closed.",
};
