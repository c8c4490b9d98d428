import { z } from "zod";
import { linkName, share, streamName } from "./fault-kind.ts";
import { toxicFault } from "./toxic-fault.ts";
import { describeWsMatch, wsMatch, wsMatchAttributes, wsMatchOf } from "./ws-match.ts";

const schema = z.strictObject({
  kind: z.literal("ws-drop"),
  link: linkName,
  stream: streamName.default("downstream"),
  toxicity: share.default(1),
  ...wsMatch,
});

/** Messages of a feed are lost, whole: a gap in its sequence numbers. */
export const wsDrop = toxicFault({
  kind: "ws-drop",
  toxicType: "ws_drop",
  summary: "chosen WebSocket data messages are lost",
  schema,
  attributes: [...wsMatchAttributes],
  effect: (fault) => `${describeWsMatch(fault)} dropped`,
  toxicAttributes: (fault) => ({ ...wsMatchOf(fault) }),
});
