import { z } from "zod";
import { linkName, share, streamName, wholeNumber } from "./fault-kind.ts";
import { toxicFault } from "./toxic-fault.ts";

const schema = z.strictObject({
  kind: z.literal("bandwidth"),
  link: linkName,
  stream: streamName.default("downstream"),
  toxicity: share.default(1),
  /** Thousands of bytes a second; 0: nothing passes. */
  rateKBps: wholeNumber,
});

/** Each connection carries only so much. */
export const bandwidth = toxicFault({
  kind: "bandwidth",
  toxicType: "bandwidth",
  summary: "each connection carries only so much",
  schema,
  attributes: [
    { name: "rateKBps", toxicName: "rate", takes: "number", summary: "thousands of bytes a second" },
  ],
  effect: ({ rateKBps }) => `bandwidth of ${rateKBps} KB/s`,
  toxicAttributes: ({ rateKBps }) => ({ rate: rateKBps }),
});
