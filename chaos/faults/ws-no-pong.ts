import { wsNoPong as toxic } from "../proxy/toxics/ws-no-pong.ts";
import { describeChoice } from "./describe-choice.ts";
import { toxicFault } from "./toxic-fault.ts";

/** Pings get no answer though data flows: a venue that pings disconnects such a client. */
export const wsNoPong = toxicFault({
  kind: "ws-no-pong",
  toxic,
  summary: "WebSocket pongs are dropped, so that pings get no answer",
  // The direction of pongs from a client, for a server that pings its clients.
  defaultStream: "upstream",
  effect: (fault) => `${describeChoice(fault, "pong")} swallowed`,
});
