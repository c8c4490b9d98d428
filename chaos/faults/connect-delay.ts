import { connectDelay as toxic } from "../proxy/toxics/connect-delay.ts";
import { toxicFault } from "./toxic-fault.ts";

/** New connections take long to establish: a busy accept queue, a slow TLS terminator. */
export const connectDelay = toxicFault({
  kind: "connect-delay",
  toxic,
  summary: "new connections are led on only after a while",
  healing: "The toxic is removed. Connections that still wait are led on at once.",
  required: ["delay"],
  effect: ({ delayMs, jitterMs }) =>
    `connects delayed by ${delayMs} ms${jitterMs === 0 ? "" : ` ± ${jitterMs} ms`}`,
});
