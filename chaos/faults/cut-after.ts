import { z } from "zod";
import { linkName, share, wholeNumber } from "./fault-kind.ts";
import { toxicFault } from "./toxic-fault.ts";

const schema = z.strictObject({
  kind: z.literal("cut-after"),
  link: linkName,
  toxicity: share.default(1),
  /** How long a connection lives from when the fault met it. */
  afterMs: wholeNumber,
  /** In good order (a FIN to both sides), or by a RST. */
  how: z.enum(["close", "reset"]).default("close"),
});

/** Connections are ended at an age, whatever they are doing: a load balancer's limit, a venue's session limit. */
export const cutAfter = {
  ...toxicFault({
    kind: "cut-after",
    toxicType: "cut_after",
    summary: "connections are ended after a time",
    schema,
    attributes: [
      { name: "afterMs", toxicName: "after", takes: "number", summary: "ms until a connection is ended" },
      { name: "how", toxicName: "how", takes: "text", summary: "close (a FIN to both sides) or reset" },
    ],
    effect: ({ afterMs, how }) => `connections ${how === "reset" ? "reset" : "closed"} after ${afterMs} ms`,
    toxicAttributes: ({ afterMs, how }) => ({ after: afterMs, how }),
  }),
  healing: "The toxic is removed. Connections that were cut are gone; clients open new ones.",
};
