import { z } from "zod";
import { linkName, share, streamName, wholeNumber } from "./fault-kind.ts";
import { toxicFault } from "./toxic-fault.ts";

const schema = z.strictObject({
  kind: z.literal("latency"),
  link: linkName,
  stream: streamName.default("downstream"),
  toxicity: share.default(1),
  latencyMs: wholeNumber,
  jitterMs: wholeNumber.default(0),
});

/** Data takes longer: the time of a slow line, drawn evenly from `latencyMs` ± `jitterMs` for each chunk. */
export const latency = toxicFault({
  kind: "latency",
  toxicType: "latency",
  summary: "data takes longer",
  schema,
  attributes: [
    { name: "latencyMs", toxicName: "latency", takes: "number", summary: "mean delay in ms" },
    {
      name: "jitterMs",
      toxicName: "jitter",
      takes: "number",
      summary: "greatest deviation from the mean in ms",
    },
  ],
  effect: ({ latencyMs, jitterMs }) =>
    `latency of ${latencyMs} ms${jitterMs === 0 ? "" : ` ± ${jitterMs} ms`}`,
  toxicAttributes: ({ latencyMs, jitterMs }) => ({ latency: latencyMs, jitter: jitterMs }),
});
