import { z } from "zod";
import { linkName, share } from "./fault-kind.ts";
import { toxicFault } from "./toxic-fault.ts";

const schema = z.strictObject({
  kind: z.literal("connect-reset"),
  link: linkName,
  toxicity: share.default(1),
});

/** New connections are reset at once: a full load balancer, a firewall that rejects. */
export const connectReset = {
  ...toxicFault({
    kind: "connect-reset",
    toxicType: "connect_reset",
    summary: "new connections are reset at once",
    schema,
    attributes: [],
    effect: () => "connects reset",
    toxicAttributes: () => ({}),
  }),
  healing: "The toxic is removed. Connections that were reset are gone; clients open new ones.",
};
