import { z } from "zod";
import { linkName, share, streamName, wholeNumber } from "./fault-kind.ts";
import { toxicFault } from "./toxic-fault.ts";

const schema = z.strictObject({
  kind: z.literal("slow-close"),
  link: linkName,
  stream: streamName.default("downstream"),
  toxicity: share.default(1),
  delayMs: wholeNumber,
});

/** Connections take long to close, so that they pile up. */
export const slowClose = toxicFault({
  kind: "slow-close",
  toxicType: "slow_close",
  summary: "connections take long to close",
  schema,
  attributes: [
    { name: "delayMs", toxicName: "delay", takes: "number", summary: "ms by which the closing is delayed" },
  ],
  effect: ({ delayMs }) => `closing delayed by ${delayMs} ms`,
  toxicAttributes: ({ delayMs }) => ({ delay: delayMs }),
});
