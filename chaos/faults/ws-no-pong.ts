import { z } from "zod";
import { linkName, share, streamName } from "./fault-kind.ts";
import {
  describeMessageChoice,
  messageChoice,
  messageChoiceAttributes,
  messageChoiceOf,
} from "./message-choice.ts";
import { toxicFault } from "./toxic-fault.ts";

const schema = z.strictObject({
  kind: z.literal("ws-no-pong"),
  link: linkName,
  /** The pongs' way: `upstream` for a server that pings its clients. */
  stream: streamName.default("upstream"),
  toxicity: share.default(1),
  ...messageChoice,
});

/** Pings get no answer though data flows: a venue that pings cuts such a client off. */
export const wsNoPong = toxicFault({
  kind: "ws-no-pong",
  toxicType: "ws_no_pong",
  summary: "WebSocket pongs are swallowed, so that pings get no answer",
  schema,
  attributes: messageChoiceAttributes,
  effect: (fault) => `${describeMessageChoice(fault, "pong")} swallowed`,
  toxicAttributes: (fault) => messageChoiceOf(fault),
});
