import { connectReset as toxic } from "../proxy/toxics/connect-reset.ts";
import { toxicFault } from "./toxic-fault.ts";

/** New connections are reset at once: a full load balancer, a firewall that rejects. */
export const connectReset = toxicFault({
  kind: "connect-reset",
  toxic,
  summary: "new connections are reset at once",
  healing: "The toxic is removed. Connections that were reset are gone; clients open new ones.",
  effect: () => "connects reset",
});
