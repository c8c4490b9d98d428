import { z } from "zod";
import { linkName, share, streamName } from "./fault-kind.ts";
import { toxicFault } from "./toxic-fault.ts";

const schema = z.strictObject({
  kind: z.literal("half-open"),
  link: linkName,
  /** The direction that is dead. */
  stream: streamName.default("downstream"),
  toxicity: share.default(1),
});

/** One direction is dead and the other lives: a route or a NAT entry that is gone on one side. */
export const halfOpen = {
  ...toxicFault({
    kind: "half-open",
    toxicType: "blackhole",
    summary: "one direction of each connection is dead, nothing is closed",
    schema,
    attributes: [],
    effect: () => "half-open: bytes dropped",
    toxicAttributes: () => ({}),
  }),
  healing: "The toxic is removed. What was dropped is lost; the direction lives again.",
};
