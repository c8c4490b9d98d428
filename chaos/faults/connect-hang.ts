import { z } from "zod";
import { linkName, share } from "./fault-kind.ts";
import { toxicFault } from "./toxic-fault.ts";

const schema = z.strictObject({
  kind: z.literal("connect-hang"),
  link: linkName,
  toxicity: share.default(1),
});

/** New connections are accepted and never answered: the workers behind the accept queue are stuck. */
export const connectHang = {
  ...toxicFault({
    kind: "connect-hang",
    toxicType: "connect_hang",
    summary: "new connections are accepted and never answered",
    schema,
    attributes: [],
    effect: () => "connects hang",
    toxicAttributes: () => ({}),
  }),
  healing: "The toxic is removed. Connections that hang are led on at once.",
};
