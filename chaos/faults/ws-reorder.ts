import { z } from "zod";
import { linkName, share, streamName } from "./fault-kind.ts";
import { toxicFault } from "./toxic-fault.ts";
import { describeWsMatch, wsMatch, wsMatchAttributes, wsMatchOf } from "./ws-match.ts";

const schema = z.strictObject({
  kind: z.literal("ws-reorder"),
  link: linkName,
  stream: streamName.default("downstream"),
  toxicity: share.default(1),
  ...wsMatch,
});

/** Each chosen message comes behind the one that was sent after it. */
export const wsReorder = toxicFault({
  kind: "ws-reorder",
  toxicType: "ws_reorder",
  summary: "chosen WebSocket data messages are exchanged with the next one",
  schema,
  attributes: [...wsMatchAttributes],
  effect: (fault) => `${describeWsMatch(fault)} exchanged with the next`,
  toxicAttributes: (fault) => ({ ...wsMatchOf(fault) }),
});
