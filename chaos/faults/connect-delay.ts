import { z } from "zod";
import { linkName, share, wholeNumber } from "./fault-kind.ts";
import { toxicFault } from "./toxic-fault.ts";

const schema = z.strictObject({
  kind: z.literal("connect-delay"),
  link: linkName,
  toxicity: share.default(1),
  /** Mean time until a connection is led to the server. */
  delayMs: wholeNumber,
  /** Greatest deviation from the mean. */
  jitterMs: wholeNumber.default(0),
});

/** New connections take long to become one: a busy accept queue, a slow TLS terminator. */
export const connectDelay = {
  ...toxicFault({
    kind: "connect-delay",
    toxicType: "connect_delay",
    summary: "new connections are led on only after a while",
    schema,
    attributes: [
      { name: "delayMs", toxicName: "delay", takes: "number", summary: "ms until a connection is led on" },
      { name: "jitterMs", toxicName: "jitter", takes: "number", summary: "ms of greatest deviation" },
    ],
    effect: ({ delayMs, jitterMs }) =>
      `connects delayed by ${delayMs} ms${jitterMs === 0 ? "" : ` ± ${jitterMs} ms`}`,
    toxicAttributes: ({ delayMs, jitterMs }) => ({ delay: delayMs, jitter: jitterMs }),
  }),
  healing: "The toxic is removed. Connections that still wait are led on at once.",
};
