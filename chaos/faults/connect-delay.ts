import { connectDelay as toxic } from "../proxy/toxics/connect-delay.ts";
import { toxicFault } from "./toxic-fault.ts";

/** New connections take long to establish: a busy accept queue, a slow TLS terminator. */
export const connectDelay = toxicFault({
  kind: "connect-delay",
  toxic,
  summary: "new connections reach the server only after a delay",
  healing: "The toxic is removed. Connections that still wait are connected at once.",
  required: ["delay"],
  effect: ({ delayMs, jitterMs }) =>
    `connects delayed by ${delayMs} ms${jitterMs === 0 ? "" : ` ± ${jitterMs} ms`}`,
});
