import { z } from "zod";
import { linkName, share } from "./fault-kind.ts";
import { toxicFault } from "./toxic-fault.ts";

const schema = z.strictObject({
  kind: z.literal("freeze"),
  link: linkName,
  toxicity: share.default(1),
});

/** Everything stands still and nothing is closed: a paused virtual machine. */
export const freeze = toxicFault({
  kind: "freeze",
  toxicType: "freeze",
  summary: "both directions are held, nothing is closed",
  schema,
  attributes: [],
  effect: () => "connections frozen",
  toxicAttributes: () => ({}),
});
