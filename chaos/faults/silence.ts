import { z } from "zod";
import { linkName, share, streamName, wholeNumber } from "./fault-kind.ts";
import { toxicFault } from "./toxic-fault.ts";

const schema = z.strictObject({
  kind: z.literal("silence"),
  link: linkName,
  stream: streamName.default("downstream"),
  toxicity: share.default(1),
  /** When the connection is closed; 0: never. */
  timeoutMs: wholeNumber.default(0),
});

/** Nothing arrives, and nobody says why: a dropped route, a hung peer. Toxiproxy calls it `timeout`. */
export const silence = toxicFault({
  kind: "silence",
  toxicType: "timeout",
  summary: "nothing passes, connections stay open",
  schema,
  attributes: [
    {
      name: "timeoutMs",
      toxicName: "timeout",
      takes: "number",
      summary: "ms until the connection is closed; 0: never",
    },
  ],
  effect: ({ timeoutMs }) => (timeoutMs === 0 ? "silence" : `silence, closed after ${timeoutMs} ms,`),
  toxicAttributes: ({ timeoutMs }) => ({ timeout: timeoutMs }),
});
