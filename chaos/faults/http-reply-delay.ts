import { z } from "zod";
import { linkName, share, wholeNumber } from "./fault-kind.ts";
import { describeHttpMatch, httpMatch, httpMatchAttributes, httpMatchOf } from "./http-match.ts";
import { toxicFault } from "./toxic-fault.ts";

const schema = z.strictObject({
  kind: z.literal("http-reply-delay"),
  link: linkName,
  toxicity: share.default(1),
  ...httpMatch,
  /** Mean delay of the beginning of the reply. */
  delayMs: wholeNumber,
  /** Greatest deviation from the mean, drawn evenly for each reply. */
  jitterMs: wholeNumber.default(0),
});

/** The server thinks for longer about some requests, and about no others. */
export const httpReplyDelay = {
  ...toxicFault({
    kind: "http-reply-delay",
    toxicType: "http_reply_delay",
    summary: "HTTP requests reach the server, and its replies are late",
    schema,
    attributes: [
      ...httpMatchAttributes,
      { name: "delayMs", toxicName: "delay", takes: "number", summary: "mean delay in ms" },
      {
        name: "jitterMs",
        toxicName: "jitter",
        takes: "number",
        summary: "greatest deviation from the mean in ms",
      },
    ],
    effect: (fault) => {
      const jitter = fault.jitterMs === 0 ? "" : ` ± ${fault.jitterMs} ms`;
      return `reply to ${describeHttpMatch(fault)} delayed by ${fault.delayMs} ms${jitter}`;
    },
    toxicAttributes: (fault) => ({ ...httpMatchOf(fault), delay: fault.delayMs, jitter: fault.jitterMs }),
  }),
  healing: "The toxic is removed. Replies that it still holds arrive at once.",
};
