import { z } from "zod";
import { linkName, share, streamName } from "./fault-kind.ts";
import { toxicFault } from "./toxic-fault.ts";
import { wsPattern, wsPatternAttribute } from "./ws-match.ts";

const schema = z.strictObject({
  kind: z.literal("ws-swallow"),
  link: linkName,
  stream: streamName.default("downstream"),
  toxicity: share.default(1),
  ...wsPattern,
});

/** A WebSocket that looks alive and says nothing: data messages are swallowed, pings and pongs pass. */
export const wsSwallow = toxicFault({
  kind: "ws-swallow",
  toxicType: "ws_swallow",
  summary: "WebSocket data messages are swallowed while pings and pongs pass",
  schema,
  attributes: [wsPatternAttribute],
  effect: ({ pattern }) =>
    pattern === ""
      ? "WebSocket data swallowed, pings answered"
      : `every message that matches /${pattern}/ swallowed`,
  toxicAttributes: ({ pattern }) => ({ pattern }),
});
