import { z } from "zod";
import { linkName, share, streamName, wholeNumber } from "./fault-kind.ts";
import { toxicFault } from "./toxic-fault.ts";
import { describeWsMatch, wsMatch, wsMatchAttributes, wsMatchOf } from "./ws-match.ts";

const schema = z.strictObject({
  kind: z.literal("ws-delay"),
  link: linkName,
  stream: streamName.default("downstream"),
  toxicity: share.default(1),
  ...wsMatch,
  delayMs: wholeNumber,
  jitterMs: wholeNumber.default(0),
  /** Whether later messages wait for a late one, or overtake it. */
  order: z.enum(["keep", "overtake"]).default("keep"),
});

/** Messages are late, by `delayMs` ± `jitterMs`; those behind them wait, or overtake. */
export const wsDelay = toxicFault({
  kind: "ws-delay",
  toxicType: "ws_delay",
  summary: "chosen WebSocket data messages are late",
  schema,
  attributes: [
    ...wsMatchAttributes,
    { name: "delayMs", toxicName: "delay", takes: "number", summary: "mean delay in ms" },
    {
      name: "jitterMs",
      toxicName: "jitter",
      takes: "number",
      summary: "greatest deviation from the mean in ms",
    },
    {
      name: "order",
      toxicName: "order",
      takes: "text",
      summary: "later messages keep behind (the default) or overtake",
    },
  ],
  effect({ delayMs, jitterMs, order, ...match }) {
    const lateness = jitterMs === 0 ? `${delayMs} ms` : `${delayMs} ms ± ${jitterMs} ms`;
    return `${describeWsMatch(match)} late by ${lateness}${order === "overtake" ? " and overtaken" : ""}`;
  },
  toxicAttributes: (fault) => ({
    ...wsMatchOf(fault),
    delay: fault.delayMs,
    jitter: fault.jitterMs,
    order: fault.order,
  }),
});
