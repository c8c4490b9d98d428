import { z } from "zod";
import { linkName, share, streamName } from "./fault-kind.ts";
import { toxicFault } from "./toxic-fault.ts";
import { describeWsMatch, wsMatch, wsMatchAttributes, wsMatchOf } from "./ws-match.ts";

const schema = z.strictObject({
  kind: z.literal("ws-duplicate"),
  link: linkName,
  stream: streamName.default("downstream"),
  toxicity: share.default(1),
  ...wsMatch,
  /** How many times more, 1 to 10. */
  copies: z.number().int().min(1).max(10).default(1),
});

/** Messages come again, as after a resubscription or from a publisher that repeats itself. */
export const wsDuplicate = toxicFault({
  kind: "ws-duplicate",
  toxicType: "ws_duplicate",
  summary: "chosen WebSocket data messages come again",
  schema,
  attributes: [
    ...wsMatchAttributes,
    { name: "copies", toxicName: "copies", takes: "number", summary: "how many times more, 1 to 10" },
  ],
  effect: (fault) =>
    `${describeWsMatch(fault)} sent again${fault.copies === 1 ? "" : ` ${fault.copies} times`}`,
  toxicAttributes: (fault) => ({ ...wsMatchOf(fault), copies: fault.copies }),
});
