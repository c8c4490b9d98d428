import { z } from "zod";
import { linkName, share, streamName, wholeNumber } from "./fault-kind.ts";
import { toxicFault } from "./toxic-fault.ts";

const schema = z.strictObject({
  kind: z.literal("reset-peer"),
  link: linkName,
  stream: streamName.default("downstream"),
  toxicity: share.default(1),
  /** When the connection is reset; 0: at once. */
  timeoutMs: wholeNumber.default(0),
});

/** Connections die of a RST: a crashed peer, a firewall that lost its table. */
export const resetPeer = toxicFault({
  kind: "reset-peer",
  toxicType: "reset_peer",
  summary: "connections are reset (RST)",
  schema,
  attributes: [
    {
      name: "timeoutMs",
      toxicName: "timeout",
      takes: "number",
      summary: "ms until the connection is reset; 0: at once",
    },
  ],
  effect: ({ timeoutMs }) => `connections reset ${timeoutMs === 0 ? "at once" : `after ${timeoutMs} ms`}`,
  toxicAttributes: ({ timeoutMs }) => ({ timeout: timeoutMs }),
});
