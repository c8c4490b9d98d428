import { connectRefuse as toxic } from "../proxy/toxics/connect-refuse.ts";
import { toxicFault } from "./toxic-fault.ts";

/** New connections are refused while open ones continue: a server that is being drained. */
export const connectRefuse = toxicFault({
  kind: "connect-refuse",
  toxic,
  summary: "new connections are refused, open ones continue",
  healing: "The toxic is removed, and the port is opened again.",
  effect: () => "connects refused",
});
