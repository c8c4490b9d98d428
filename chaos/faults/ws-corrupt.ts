import { z } from "zod";
import { linkName, share, streamName } from "./fault-kind.ts";
import { toxicFault } from "./toxic-fault.ts";
import { describeWsMatch, wsMatch, wsMatchAttributes, wsMatchOf } from "./ws-match.ts";

const schema = z.strictObject({
  kind: z.literal("ws-corrupt"),
  link: linkName,
  stream: streamName.default("downstream"),
  toxicity: share.default(1),
  ...wsMatch,
  /** How many bytes of each message are changed. */
  corruptBytes: z.number().int().min(1).default(1),
  /** Whether a text stays valid UTF-8. */
  text: z.enum(["valid", "broken"]).default("valid"),
});

/** Payloads arrive changed: as texts that are valid and wrong, or as bytes that are no text. */
export const wsCorrupt = toxicFault({
  kind: "ws-corrupt",
  toxicType: "ws_corrupt",
  summary: "payload bytes of chosen WebSocket data messages are changed",
  schema,
  attributes: [
    ...wsMatchAttributes,
    {
      name: "corruptBytes",
      toxicName: "bytes",
      takes: "number",
      summary: "how many bytes of each message change",
    },
    {
      name: "text",
      toxicName: "text",
      takes: "text",
      summary: "texts stay valid UTF-8 (the default) or are broken",
    },
  ],
  effect({ corruptBytes, text, ...match }) {
    const extent = corruptBytes === 1 ? "1 byte" : `${corruptBytes} bytes`;
    return `${describeWsMatch(match)} corrupted in ${extent}${text === "broken" ? ", no valid UTF-8" : ""}`;
  },
  toxicAttributes: (fault) => ({ ...wsMatchOf(fault), bytes: fault.corruptBytes, text: fault.text }),
});
