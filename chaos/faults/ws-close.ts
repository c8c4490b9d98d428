import { z } from "zod";
import { linkName, share, streamName, wholeNumber } from "./fault-kind.ts";
import { toxicFault } from "./toxic-fault.ts";
import { describeWsMatch, wsMatch, wsMatchAttributes, wsMatchOf } from "./ws-match.ts";

const MAX_REASON_BYTES = 123;

const schema = z.strictObject({
  kind: z.literal("ws-close"),
  link: linkName,
  stream: streamName.default("downstream"),
  toxicity: share.default(1),
  ...wsMatch,
  /** The close code; 0: a close frame without one. */
  code: z.number().int().min(0).max(4_999).default(1_001),
  /** What a control frame has room for (RFC 6455, 5.5). */
  reason: z
    .string()
    .refine(
      (reason) => Buffer.byteLength(reason) <= MAX_REASON_BYTES,
      `expected at most ${MAX_REASON_BYTES} bytes`,
    )
    .default(""),
  /** Until the connection is closed if its two sides have not. */
  lingerMs: wholeNumber.default(1_000),
});

/** The WebSocket is closed with a code, as venues do on maintenance, rate limits or after 24 hours. */
export const wsClose = toxicFault({
  kind: "ws-close",
  toxicType: "ws_close",
  summary: "the WebSocket is closed with a code in place of the chosen message",
  schema,
  attributes: [
    ...wsMatchAttributes,
    { name: "code", toxicName: "code", takes: "number", summary: "close code; 0: none" },
    {
      name: "reason",
      toxicName: "reason",
      takes: "text",
      summary: "the close frame's reason, at most 123 bytes",
    },
    {
      name: "lingerMs",
      toxicName: "linger",
      takes: "number",
      summary: "ms until the connection is closed if its two sides have not",
    },
  ],
  effect({ code, reason, ...match }) {
    // It happens once a connection: every message means the next one.
    const message = describeWsMatch(match).replace(/^each /, "the next ");
    return `closed with ${code}${reason === "" ? "" : ` (${reason})`} in place of ${message}`;
  },
  toxicAttributes: (fault) => ({
    ...wsMatchOf(fault),
    code: fault.code,
    reason: fault.reason,
    linger: fault.lingerMs,
  }),
});
